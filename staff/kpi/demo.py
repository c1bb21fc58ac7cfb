"""KPI of the demo: a scheme per post from the beginning, past quarters closed, the running one open."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations import demo
from crm.kernel.people.models import Person, Post
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import BEGINNING, Stage
from staff.kpi.models import KpiPeriod, KpiResult
from staff.kpi.rules.periods import quarter_of
from staff.kpi.selectors.seen import closing_from
from staff.kpi.services import (
    correction_enter,
    period_close,
    period_ensure,
    period_refresh,
    periods_tend,
    scheme_approve,
    scheme_propose,
)

KEEPS, PUBLISHES = "fangjingyi", "hanzhiyuan"
SOURCE = "《客户经理考核办法》2026 年版"


def _share(measure: str, dimension: str, weight: int, zero_at: str = "0") -> dict[str, Any]:
    figures = {"method": "linear", "full_at": "1", "zero_at": zero_at}
    return {"measure": measure, "dimension": dimension, "weight": weight, **figures}


def _scheme(target: int, financings: int) -> list[dict[str, Any]]:
    """Five measures; what the financings do not weigh, the returns do."""
    volume = {"method": "target", "weight": financings, "target": Decimal(target) * 10_000, "cap": "1.2"}
    returns = {"method": "deduct", "weight": 55 - financings, "step": 2}
    return [
        {"measure": "financings_approved", "dimension": "volume", **volume},
        _share("complaints_on_time", "satisfaction", 15),
        _share("warnings_on_time", "risk", 15),
        {"measure": "reviews_returned", "dimension": "risk", **returns},
        _share("fields_filled", "ability", 15, "0.5"),
    ]


# Post, target of a quarter in 万元, weight of the financings.
SCHEMES = (("client_service_manager", 6_000, 35), ("market_developer", 3_000, 30))


def make_schemes(stage: Stage) -> None:
    """What two posts are measured by from the quarter the institution opened in."""
    with stage.days_ago(BEGINNING):
        for code, target, financings in SCHEMES:
            _propose(stage.people, code, quarter_of(clock.today()).starts_on, _scheme(target, financings), publish=True)


def draft_scheme(people: dict[str, Person]) -> None:
    """A next version for one post, which waits for its second person."""
    _propose(people, "market_developer", quarter_of(clock.today()).next.starts_on, _scheme(3_500, 35), publish=False)


def _propose(
    people: dict[str, Person], code: str, first_day: date, rows: list[dict[str, Any]], *, publish: bool
) -> None:
    post = Post.objects.get(code=code)
    scheme = scheme_propose(post=post, effective_from=first_day, source=SOURCE, rows=rows, by=people[KEEPS])
    if publish:
        scheme_approve(scheme=scheme, expected_version=scheme.version, by=people[PUBLISHES])


def close_past(stage: Stage) -> None:
    """Every quarter since the beginning that can be closed is; one of them was corrected afterwards."""
    people, today = stage.people, clock.today()
    quarter = quarter_of(stage.today - timedelta(days=BEGINNING))
    while quarter <= quarter_of(today):
        period_ensure(quarter=quarter, by=SYSTEM)
        quarter = quarter.next
    last = None
    for period in KpiPeriod.objects.filter(ends_on__lt=today).order_by("starts_on"):
        day = closing_from(period).date + timedelta(days=2)
        if day > today:
            break
        with clock.at(day):
            period_refresh(period=period, by=SYSTEM)
            period.refresh_from_db()
            last = period_close(period=period, expected_version=period.version, by=people[KEEPS])
    if last is not None:
        result = KpiResult.objects.get(period=last, person=people["gaoxiangyu"])
        with clock.at(min(today, last.ends_on + timedelta(days=30))):
            correction_enter(
                result=result,
                measure="reviews_returned",
                points="2.50",
                reason="申诉成立：退回系系统附件丢失所致，酌情返还一半扣分。",
                by=people[KEEPS],
            )
    draft_scheme(people)
    periods_tend(by=SYSTEM)


demo.register(make_schemes, order=20)
demo.register(close_past, order=90)
