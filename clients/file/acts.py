from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Industry, Region
from crm.kernel.declarations.acts import Act, Subject, register

register(
    Act("client.created", _("Client registered")),
    Act("client.updated", _("Client details edited")),
    Act(
        "client.certificate_downloaded",
        _("Certificate of a deviating credit code downloaded"),
        {"sha256": _("SHA-256")},
        is_read=True,
    ),
    Act("client.confirmed", _("Client details verified")),
    Act("client.removed", _("Client taken out (import undone)")),
    Act("client.reassigned", _("Client handed over")),
    Act("client.duplicate_looked_up", _("Duplicate check"), {"kind": _("Kind"), "found": _("found")}),
    Act("contact.created", _("Contact added")),
    Act("contact.updated", _("Contact edited")),
    Act("contact.deleted", _("Contact removed")),
    Act("personal.revealed", _("Masked field viewed"), {"field": _("Field")}, watch="rights", is_read=True),
    subjects=(
        Subject(Client, has_history=True),
        Subject(Industry, known_to_all=True),
        Subject(Region, known_to_all=True),
    ),
)
