"""Quarters: kept up to date while they run, closed once, and from then on evidence."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import RuleRefused
from crm.kernel.access.workflow import transition
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from staff.kpi.models import KpiPeriod, KpiResult
from staff.kpi.rules.periods import Quarter, quarter_of
from staff.kpi.selectors.basis import Computed, computed, hashes, running_basis
from staff.kpi.selectors.seen import closing_from, open_before
from staff.kpi.services.corrections import corrections_find
from staff.kpi.workflow import PERIOD

COLUMNS = ("department_id", "post_id", "scheme_id", "points", "measured", "document", "document_sha256", "computed_at")
# One statement for any house: the number of queries does not depend on the number of people.
BATCH = 5_000


def period_ensure(*, quarter: Quarter, by: Any) -> KpiPeriod:
    """The row of a quarter, made when first asked for."""
    days = {"starts_on": quarter.starts_on, "ends_on": quarter.ends_on}
    return KpiPeriod.objects.get_or_create(code=quarter.code, defaults=days)[0]


def periods_tend(*, by: Any) -> dict[str, int]:
    """Every night: the rows of all quarters up to the running one, what changed in closed ones, the previews of the
    open ones. Answers counts: periods open, results written, corrections found.
    """
    running = quarter_of(clock.today())
    first = KpiPeriod.objects.order_by("starts_on").first()
    quarter = first.quarter if first else running
    while quarter <= running:
        period_ensure(quarter=quarter, by=by)
        quarter = quarter.next
    found = corrections_find(by=by)
    open_ones = list(
        KpiPeriod.objects.filter(closed_at__isnull=True, starts_on__lte=clock.today()).order_by("starts_on")
    )
    written = sum(period_refresh(period=period, by=by) for period in open_ones)
    return {"open": len(open_ones), "written": written, "corrections": found}


@transaction.atomic
def period_refresh(*, period: KpiPeriod, by: Any) -> int:
    """Compute an open quarter anew and write what changed; how many results did. Conflict for a closed one.

    The number of queries does not depend on the number of people.
    """
    return len(_compute(transition(PERIOD, "refresh", period, by=by).row)[1])


def _compute(period: KpiPeriod) -> tuple[dict[int, Computed], list[KpiResult]]:
    """All results of the locked, open quarter; what changed is written, what is gone is taken away."""
    found = computed(running_basis(period))
    known = dict(KpiResult.objects.filter(period=period).values_list("person_id", "document_sha256"))
    now = clock.now()
    changed = [
        KpiResult(
            period=period,
            person_id=person,
            department_id=one.subject.department,
            post_id=one.subject.post,
            scheme_id=one.scheme,
            points=one.sheet.points,
            measured=one.sheet.measured,
            document=one.text,
            document_sha256=one.sha256,
            computed_at=now,
        )
        for person, one in found.items()
        if known.get(person) != one.sha256
    ]
    KpiResult.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["period", "person"],
        update_fields=list(COLUMNS),
    )
    gone = set(known) - set(found)
    if gone:
        KpiResult.objects.filter(period=period, person__in=gone).delete()
    period.computed_at = now
    period.version += bool(changed or gone)
    period.save(update_fields=["computed_at", "version"])
    return found, changed


@transaction.atomic
def period_close(*, period: KpiPeriod, expected_version: int | None, by: Person) -> KpiPeriod:
    """Compute the quarter a last time and close it, with the hashes of what went in and what came out.

    By who closes quarters and is not measured in this one. Conflict when it is closed; RuleRefused before the days for
    objections are over, and while an earlier quarter is open. From then on the database refuses any change.
    """
    held = transition(PERIOD, "close", period, by=by, expected_version=expected_version)
    period = held.row
    first_day = closing_from(period).date
    if clock.today() <= first_day:
        raise RuleRefused(
            _("Objections may be raised until %(day)s; the quarter can be closed after that day.") % {"day": first_day},
            code="too_early",
        )
    if open_one := open_before(period):
        raise RuleRefused(_("Quarter %(code)s must be closed first.") % {"code": open_one.code}, code="order")
    found, changed = _compute(period)
    if by.pk in found:
        raise RuleRefused(_("You are measured in this quarter: somebody else must close it."), code="subject")
    inputs_sha256, results_sha256 = hashes(found)
    held.write(
        inputs_sha256=inputs_sha256,
        results_sha256=results_sha256,
        closed_by=by,
        closed_at=clock.now(),
        people=len(found),
    )
    held.record(
        data={
            "people": len(found),
            "inputs_sha256": inputs_sha256,
            "results_sha256": results_sha256,
            "changed_since_preview": len(changed),
        },
        evidence=(period, *KpiResult.objects.filter(period=period).only("pk")),
    )
    return period
