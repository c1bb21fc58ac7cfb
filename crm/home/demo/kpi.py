"""KPI of the demo: a scheme per post from the beginning, older deals, past quarters closed, the running one open."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.home.demo.stories import FINAL, FIRST, SECOND, Step
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person, Post
from crm.kernel.workdays import clock
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
    returns = {"method": "deduct", "weight": 55 - financings, "step": 5}
    return [
        {"measure": "financings_approved", "dimension": "volume", **volume},
        _share("complaints_on_time", "satisfaction", 15),
        _share("warnings_on_time", "risk", 15),
        {"measure": "reviews_returned", "dimension": "risk", **returns},
        _share("fields_filled", "ability", 15, "0.5"),
    ]


# Post, target of a quarter in 万元, weight of the financings.
SCHEMES = (("client_service_manager", 6_000, 35), ("market_developer", 3_000, 30))


@dataclass(frozen=True)
class PastDeal:
    """A deal approved in an earlier quarter: client, amount and investment in 万元, how many working days ago."""

    name: str
    client: str
    product: str
    sector: str
    amount: int
    investment: int
    capital: int
    days: int
    is_returned: bool = False


PAST = (
    PastDeal("曹妃甸 LPG 罐区扩容", "唐山曹妃甸液化气码头有限公司", "P15", "other", 3_600, 5_200, 1_700, 82),
    PastDeal("滨湖功率器件封测线", "合肥滨湖半导体材料有限公司", "P15", "other", 4_200, 6_000, 1_900, 66, True),
    PastDeal("敕勒低温乳品车间", "呼和浩特敕勒乳业有限公司", "P15", "other", 5_400, 7_800, 2_500, 76),
    PastDeal("包头磁材二期", "包头北方稀土磁材有限公司", "P15", "other", 2_800, 4_100, 1_300, 58),
    PastDeal("临港实训基地", "上海市临港职业技术学院", "P15", "other", 3_900, 5_600, 1_800, 72),
)
GRADED = 147  # days ago: before the first of them is submitted


def past_story(deal: PastDeal) -> list[Step]:
    """Submitted and approved by three; one came back once."""
    steps, day = [Step(deal.days, "submit")], deal.days
    if deal.is_returned:
        extra: dict[str, object] = {"reason_code": "documents_missing", "target_stage": "initial"}
        why = "设备清单与报价尚缺，请补充后再报。"
        steps.append(Step(day - 2, "return", "initial", why, {**extra, "items": ["设备清单"]}))
        steps.append(Step(day - 4, "submit"))
        day -= 4
    steps += [Step(day - 1, "approve", "initial", FIRST), Step(day - 3, "approve", "recheck", SECOND)]
    return [*steps, Step(day - 5, "approve", "final", FINAL)]


def make_schemes(people: dict[str, Person]) -> None:
    """What two posts are measured by from the quarter the institution opened in."""
    for code, target, financings in SCHEMES:
        _propose(people, code, quarter_of(clock.today()).starts_on, _scheme(target, financings), publish=True)


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


def close_past(people: dict[str, Person], opened: date) -> None:
    """Every quarter since the beginning that can be closed is; one of them was corrected afterwards."""
    today, quarter = clock.today(), quarter_of(opened)
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
