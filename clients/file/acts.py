from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Industry, Region
from crm.kernel.declarations.acts import Act, Subject, register

register(
    Act("client.created", _("Client filed")),
    Act("client.updated", _("Client's facts changed")),
    Act("client.confirmed", _("Client's facts confirmed")),
    Act("client.reassigned", _("Client handed over")),
    Act("client.duplicate_looked_up", _("Duplicate looked up"), {"kind": _("Kind"), "found": _("found")}),
    Act("contact.created", _("Contact added")),
    Act("contact.updated", _("Contact changed")),
    Act("contact.deleted", _("Contact removed")),
    Act("personal.revealed", _("Masked field read"), {"field": _("Field")}, watch="rights"),
    subjects=(
        Subject(Client, has_history=True),
        Subject(Industry, known_to_all=True),
        Subject(Region, known_to_all=True),
    ),
)
