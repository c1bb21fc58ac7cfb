"""The chart of a contract's repayment: what the plan pays back by each day, and what was paid back."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.kernel.text import numbers
from crm.kernel.web.charts import Chart, Series
from projects.servicing.models import Repayment
from projects.servicing.rules.ledger import Ledger

ZERO = Decimal(0)


def draw_chart(ledger: Ledger, repayments: Sequence[Repayment]) -> Chart:
    """Principal by the end of each due day, added up, in 10,000 yuan; days to come have no payments yet.

    `repayments` with `to_principal` (`selectors.with_parts`).
    """
    days, planned, paid = [], [], []
    total = ZERO
    booked = [(row.value_date, row.to_principal) for row in repayments]  # type: ignore[attr-defined]
    for line in ledger.lines:
        total += line.principal
        days.append(str(line.row.due_on))
        planned.append(total)
        has_come = line.row.due_on <= ledger.on
        paid.append(sum((amount for day, amount in booked if day <= line.row.due_on), ZERO) if has_come else None)
    facts = {
        "repaid": numbers.money_auto(ledger.repaid),
        "outstanding": numbers.money_auto(ledger.outstanding),
        "overdue": numbers.money_auto(ledger.overdue_amount),
    }
    summary = _("Repaid %(repaid)s, outstanding %(outstanding)s, overdue %(overdue)s.") % facts
    return Chart(
        summary,
        _("Day"),
        days,
        [
            Series(_("to be repaid by the plan"), [_wan(one) for one in planned], [_say(one) for one in planned]),
            Series(_("repaid"), [_wan(one) for one in paid], [_say(one) for one in paid]),
        ],
    )


def _wan(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount / numbers.WAN


def _say(amount: Decimal | None) -> str:
    return "—" if amount is None else numbers.money_wan(amount, unit=False)
