"""Facilities and their balances as evidence: authority is measured by them."""

from crm.kernel.declarations.evidence import Evidence, register
from projects.facilities.models import Facility, FacilityBalance

register(
    Evidence(
        Facility,
        (
            "client",
            "project",
            "contract_no",
            "name",
            "kind",
            "amount",
            "margin",
            "approved_on",
            "approved_by",
            "available_until",
            "matures_on",
            "paper",
            "state",
            "entered_by",
            "entered_at",
            "decided_by",
            "decided_at",
            "decided_reason",
            "settled_on",
            "settlement_by",
            "settlement_at",
            "settled_by",
            "settled_at",
            "kept_words",
        ),
        acts=(
            "facility.entered",
            "facility.confirmed",
            "facility.refused",
            "facility.withdrawn",
            "facility.settlement_reported",
            "facility.settled",
            "facility.settlement_refused",
        ),
        once=False,
    ),
    Evidence(
        FacilityBalance,
        ("facility", "as_of", "outstanding", "undrawn", "due_unpaid", "told_by", "told_at", "kept_words"),
        acts=("facility.entered", "facility.balance_told"),
    ),
)
