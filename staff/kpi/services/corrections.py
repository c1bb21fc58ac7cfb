"""What a closed quarter should have been: found by comparing it with its facts, or entered; never written into it."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from risk.reviews.rules.dossier import encode_canonical
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult
from staff.kpi.rules.scoring import CENT
from staff.kpi.selectors.recompute import Shift, shifts_of

MOST_POINTS = Decimal(100)


@transaction.atomic
def correction_enter(
    *, result: KpiResult, measure: str, points: Any, reason: str, token: UUID | None = None, by: Person
) -> KpiCorrection:
    """Give or take points of a closed quarter. It appears in the first quarter that is still open.

    By who closes quarters, for somebody else. Conflict while the quarter is open (its figures still follow the facts);
    BadInput for a measure that is not on the sheet, no points, more than 100, or no reason. What was sent before with
    the same `token` is not entered again: the first row is answered, Conflict if this one says something else.
    """
    result = permit(KpiResult, by, "correct", pk=result.pk)
    period = KpiPeriod.objects.get(pk=result.period_id)
    if not period.is_closed:
        raise Conflict(_("This quarter is still open: correct the facts and its figures follow."), code="open")
    on_sheet = [line["measure"] for line in json.loads(result.document)["lines"]]
    if measure not in on_sheet:
        raise BadInput(_("This measure is not on the sheet."), field="measure")
    clean = checked(KpiCorrection, {"points": points, "reason": reason})
    if not clean["points"] or abs(clean["points"]) > MOST_POINTS:
        raise BadInput(_("Points other than zero, at most 100."), field="points")
    if len(clean["reason"]) < 5:
        raise BadInput(_("Give a reason of at least five characters."), field="reason")
    said = {"period": period, "person_id": result.person_id, "measure": measure, "entered_by": by, **clean}
    target = _next_open(period)
    try:
        with transaction.atomic():
            correction = KpiCorrection.objects.create(appears_in=target, entered_at=clock.now(), token=token, **said)
    except IntegrityError:
        first = KpiCorrection.objects.filter(token=token, token__isnull=False).first()
        if first is None:
            raise
        return _same(first, said)
    _record(correction, by)
    return correction


def _same(first: KpiCorrection, said: dict[str, Any]) -> KpiCorrection:
    """The correction that the form made already, if it said the same."""
    if any(getattr(first, name) != value for name, value in said.items()):
        raise Conflict(_("This form was already submitted: open a new one for another correction."), code="sent")
    return first


@transaction.atomic
def corrections_find(*, by: Any) -> int:
    """Compare every closed quarter with its facts as they read today; each difference becomes a dated correction.

    What an earlier correction said already is not said again. Answers how many were written.
    """
    found = 0
    for period in KpiPeriod.objects.filter(closed_at__isnull=False).order_by("starts_on"):
        if not shifts_of(period):
            continue
        # Two at one moment would both find it: the second looks again when the first has written.
        target, now, shifts = _next_open(period), clock.now(), shifts_of(period)
        for shift in shifts:
            correction = KpiCorrection.objects.create(
                period=period,
                appears_in=target,
                person_id=shift.person,
                measure=shift.before["measure"],
                points=_delta(shift),
                before=encode_canonical(shift.before),
                after=encode_canonical(shift.after),
                reason=_("The facts behind this measure changed after the quarter was closed."),
                entered_at=now,
            )
            _record(correction, by)
        found += len(shifts)
    return found


def _delta(shift: Shift) -> Decimal:
    """Points after less points before; a value that is unknown has none."""
    after, before = (Decimal(line["points"] or 0) for line in (shift.after, shift.before))
    return (after - before).quantize(CENT)


def _next_open(period: KpiPeriod) -> KpiPeriod:
    """The first quarter after `period` that is still open, held until the entry is written."""
    later = KpiPeriod.objects.filter(starts_on__gt=period.starts_on, closed_at__isnull=True).order_by("starts_on")
    found = later.select_for_update().first()
    if found is None:
        raise RuleRefused(_("There is no later quarter yet in which the correction could appear."), code="no_quarter")
    return found


def _record(correction: KpiCorrection, by: Any) -> None:
    record(
        "kpi_result.corrected",
        subject=correction,
        by=by,
        reason=correction.reason,
        data={
            "person": correction.person_id,
            "measure": correction.measure,
            "points": str(correction.points),
            "period": correction.period_id,
            "appears_in": correction.appears_in_id,
        },
    )
