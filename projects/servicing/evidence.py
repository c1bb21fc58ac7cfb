"""Repayment plans, their instalments, repayments and their parts as evidence."""

from crm.kernel.declarations.evidence import Evidence, register
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan

register(
    Evidence(
        RepaymentPlan,
        (
            "contract",
            "version",
            "kind",
            "amount",
            "starts_on",
            "months",
            "grace",
            "note",
            "state",
            "prepared_by",
            "prepared_at",
            "checked_by",
            "checked_at",
            "declined_reason",
            "kept_words",
        ),
        acts=("plan.laid", "plan.checked", "plan.declined", "plan.replaced"),
        once=False,
    ),
    # As laid, for good; what is owed and paid of it is counted anew.
    Evidence(
        Instalment,
        ("plan", "number", "due_on", "pay_by", "principal", "interest", "balance"),
        acts=("plan.laid",),
    ),
    Evidence(
        Repayment,
        (
            "contract",
            "reference",
            "amount",
            "value_date",
            "is_prepayment",
            "state",
            "entered_by",
            "entered_at",
            "reversed_by",
            "reversed_at",
            "reversed_reason",
            "kept_words",
        ),
        acts=("repayment.booked", "repayment.reversed"),
        once=False,
    ),
    Evidence(
        RepaymentPart,
        ("repayment", "cause", "kind", "amount", "booked_at"),
        acts=("repayment.booked", "repayment.reversed"),
    ),
)
