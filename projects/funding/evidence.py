"""Contracts, paid-in capital, draw-downs and their payees as evidence."""

from crm.kernel.declarations.evidence import Evidence, register
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee

register(
    Evidence(
        Contract,
        (
            "project",
            "number",
            "amount",
            "signed_on",
            "available_until",
            "matures_on",
            "rate",
            "repayment",
            "paper",
            "state",
            "prepared_by",
            "prepared_at",
            "checked_by",
            "checked_at",
            "declined_reason",
            "facility",
            "kept_words",
        ),
        acts=("contract.entered", "contract.checked", "contract.declined"),
        once=False,
    ),
    Evidence(
        CapitalPayment,
        (
            "contract",
            "amount",
            "paid_on",
            "paper",
            "entered_by",
            "entered_at",
            "confirmed_by",
            "confirmed_at",
            "kept_words",
        ),
        acts=("capital.entered", "capital.confirmed"),
        once=False,
    ),
    Evidence(
        Drawdown,
        (
            "contract",
            "number",
            "amount",
            "purpose",
            "state",
            "requested_by",
            "requested_at",
            "decided_by",
            "decided_at",
            "decided_reason",
            "checks",
            "paid_on",
            "paid_by",
            "paid_at",
            "voucher",
            "kept_words",
        ),
        acts=("drawdown.requested", "drawdown.released", "drawdown.declined", "drawdown.paid"),
        once=False,
    ),
    # To whom the money goes: as asked, for good.
    Evidence(
        Payee,
        ("drawdown", "name", "account_no", "bank", "amount", "is_entrusted", "invoice_no"),
        acts=("drawdown.requested",),
    ),
)
