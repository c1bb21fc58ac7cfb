from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from risk.gates.models import GateWaiver

DEAL: dict[str, Text | Kept] = {"project": Kept(_("Project"), "projects.Project"), "gate": _("Requirement")}

register(
    Act("gate_waiver.asked", _("Waiver asked for"), {**DEAL, "asked_of": Kept(_("Asked of"), "kernel.Person")}),
    Act("gate_waiver.granted", _("Requirement waived"), {**DEAL, "until": _("Valid until")}, watch="decision"),
    Act("gate_waiver.declined", _("Waiver declined"), DEAL, watch="decision"),
    subjects=(Subject(GateWaiver),),
)
