from django.utils.translation import gettext_lazy as _

from clients.relations.models import Interaction, Promise
from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register

FACTS: dict[str, Text | Kept] = {
    "client": Kept(_("Client"), "clients.Client"),
    "people": Kept(_("Our participants"), "kernel.Person"),
    "contacts": _("contacts who took part"),
    "guests": _("other participants"),
}
PLAN: dict[str, Text | Kept] = {
    "owner": Kept(_("Account manager"), "kernel.Person"),
    "due_on": _("next contact due"),
}

register(
    Act("interaction.recorded", _("Interaction recorded"), FACTS),
    Act("interaction.planned", _("Interaction planned"), FACTS),
    Act("interaction.held", _("Planned interaction held"), FACTS),
    Act("interaction.corrected", _("Interaction corrected"), FACTS),
    Act("interaction.cancelled", _("Planned interaction cancelled"), FACTS),
    Act("interaction.minutes_written", _("Minutes of an interaction written"), FACTS),
    Act("interaction.noted", _("Addition to an interaction"), FACTS),
    Act("promise.made", _("Promise to a client recorded"), {**FACTS, "interaction": _("Interaction")}),
    Act("promise.settled", _("Promise to a client settled"), {**FACTS, "interaction": _("Interaction")}),
    Act("client.contact_overdue", _("Contact with a client overdue"), PLAN),
    Act("contact_plan.updated", _("Contact plan updated"), {"clients": _("clients"), "overdue": _("newly overdue")}),
    subjects=(Subject(Interaction), Subject(Promise)),
)
