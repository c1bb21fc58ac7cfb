from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from projects.servicing.models import Repayment, RepaymentPlan

FACTS: dict[str, Text | Kept] = {"contract": _("contract number")}
PLAN: dict[str, Text | Kept] = {**FACTS, "amount": _("principal planned"), "instalments": _("instalments")}
SUM: dict[str, Text | Kept] = {**FACTS, "reference": _("bank reference"), "parts": _("parts of the repayment")}

register(
    Act("plan.laid", _("Repayment plan laid"), PLAN),
    Act("plan.checked", _("Repayment plan confirmed"), FACTS, watch="decision"),
    Act("plan.declined", _("Repayment plan declined"), FACTS, watch="decision"),
    Act("plan.replaced", _("Repayment plan replaced"), FACTS),
    Act("repayment.booked", _("Repayment booked"), SUM, watch="decision"),
    Act("repayment.reversed", _("Repayment reversed"), SUM, watch="decision"),
    Act(
        "repayment.reminded",
        _("Account managers reminded of repayments"),
        {
            "due": _("newly due soon"),
            "due_closed": _("due soon, paid"),
            "overdue": _("newly overdue"),
            "overdue_closed": _("overdue, paid"),
        },
    ),
    subjects=(Subject(RepaymentPlan), Subject(Repayment)),
)
