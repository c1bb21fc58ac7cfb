"""Confirmed cash-flow models as evidence."""

from crm.kernel.declarations.evidence import Evidence, register
from projects.cashflow.models import CashflowModel

register(
    Evidence(
        CashflowModel,
        (
            "project",
            "number",
            *CashflowModel.FACTS,
            "inputs",
            "result",
            "min_dscr",
            "verdict",
            "state",
            "made_by",
            "made_at",
            "checked_by",
            "checked_at",
            "confirmed_by",
            "confirmed_at",
            "kept_words",
        ),
        acts=("cashflow.confirmed", "cashflow.superseded"),
        condition="t.state IN ('confirmed', 'superseded')",
        once=False,
    ),
)
