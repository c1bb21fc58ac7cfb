from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from projects.cashflow.models import CashflowModel

FACTS: dict[str, Text | Kept] = {
    "project": Kept(_("Project"), "projects.Project"),
    "number": _("version"),
    "min_dscr": _("lowest DSCR"),
    "verdict": _("verdict"),
    "problems": _("problems"),
    "digest": _("SHA-256 of the inputs"),
}

register(
    Act("cashflow.created", _("Cash-flow model created"), FACTS),
    Act("cashflow.saved", _("Cash-flow model saved"), FACTS),
    Act("cashflow.checked", _("Cash-flow model submitted for confirmation"), FACTS),
    Act("cashflow.confirmed", _("Cash-flow model confirmed"), FACTS, watch="decision"),
    Act("cashflow.returned", _("Cash-flow model returned"), FACTS),
    Act("cashflow.superseded", _("Cash-flow model superseded"), FACTS),
    Act("cashflow.voided", _("Cash-flow model discarded"), FACTS),
    subjects=(Subject(CashflowModel),),
)
