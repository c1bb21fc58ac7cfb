"""The four measures of what happened, counted row by row in plain Python: no line of the KPI wing's own queries."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from risk.indicators.models import WarningEpisode
from risk.reviews.models import Decision
from staff.complaints.models import Complaint
from staff.kpi.rules.periods import Quarter
from staff.kpi.rules.sheets import text_of

CENT = Decimal("0.01")
Counted = dict[tuple[int, str], list[tuple[int, str, str]]]


def recount(quarter: Quarter) -> Counted:
    """(person, measure) → (key, part, whole) of its rows in order, as a sheet writes them."""
    found: dict[tuple[int, str], list[tuple[int, str, str]]] = defaultdict(list)

    def in_quarter(day: Any) -> bool:
        return bool(quarter.starts_on <= day <= quarter.ends_on)

    def put(person: int | None, measure: str, key: int, part: Any, whole: Any) -> None:
        if person is not None:
            found[person, measure].append((key, text_of(Decimal(part)), text_of(Decimal(whole))))

    rates = {
        item["code"]: Decimal(item["to_cny"]) for item in parameters.value("deal.currencies", on=quarter.ends_on).value
    }
    for decision in Decision.objects.select_related("case__project").order_by("pk"):
        deal = decision.case.project
        if not in_quarter(decision.decided_at.astimezone(clock.SHANGHAI).date()):
            continue
        if decision.verb == "return":
            put(deal.owner_id, "reviews_returned", decision.pk, 1, 1)
        approves = decision.verb in ("approve", "approve_with_conditions")
        if approves and decision.stage == "final" and deal.approved_amount is not None:
            amount = (deal.approved_amount * rates.get(deal.currency, Decimal(1))).quantize(CENT, ROUND_HALF_UP)
            put(deal.owner_id, "financings_approved", decision.pk, amount, 0)
    answers: list[tuple[str, Any, Any, Any, bool]] = [
        ("complaints_on_time", row, row.responsible_id, row.first_replied_at, True)
        for row in Complaint.objects.only("responsible_id", "first_replied_at", "due_on").order_by("pk")
    ]
    for warning in WarningEpisode.objects.order_by("pk"):
        is_owed = warning.recovered_on is None or warning.recovered_on > warning.due_on
        answers.append(("warnings_on_time", warning, warning.owner_id, warning.responded_at, is_owed))
    for measure, row, person, moment, is_owed in answers:
        if not in_quarter(row.due_on) or (moment is None and not (row.due_on < clock.today() and is_owed)):
            continue
        in_time = moment is not None and moment.astimezone(clock.SHANGHAI).date() <= row.due_on
        put(person, measure, row.pk, int(in_time), 1)
    return dict(found)
