"""The four measures of what happened, counted row by row in plain Python: no line of the KPI wing's own queries."""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from risk.indicators.models import WarningObservation
from risk.reviews.models import Decision
from staff.complaints.models import ComplaintEvent
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
    over = set[int]()
    for event in ComplaintEvent.objects.order_by("pk"):
        if event.kind not in ("replied", "overdue") or event.complaint_id in over:
            continue
        over.add(event.complaint_id)
        due = date.fromisoformat(event.data["due_on"]) if event.data.get("due_on") else None
        if due is not None and in_quarter(due):
            in_time = event.kind == "replied" and event.data.get("in_time") is True
            put(event.data.get("responsible"), "complaints_on_time", event.pk, int(in_time), 1)
    for seen in WarningObservation.objects.order_by("pk"):
        if seen.deadline and seen.due_on and in_quarter(seen.due_on):
            put(seen.owner_id, "warnings_on_time", seen.pk, int(seen.on <= seen.due_on), 1)
    return dict(found)
