from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, Subject, register
from risk.identity.models import IdentityChange

CLIENT = Kept(_("Client"), "clients.Client")

register(
    Act(
        "client.identity_proposed",
        _("Change of name or code proposed"),
        {"client": CLIENT, "reason": _("Reason"), "sha256": _("SHA-256")},
        watch="rights",
    ),
    Act(
        "client.identity_confirmed",
        _("Change of name or code confirmed"),
        {"client": CLIENT, "replaces": _("replaces")},
        watch="decision",
    ),
    Act("client.identity_declined", _("Change of name or code declined"), {"client": CLIENT}, watch="decision"),
    Act("client.identity_withdrawn", _("Change of name or code withdrawn"), {"client": CLIENT}),
    Act(
        "client.identity_document_downloaded",
        _("Document of a change of identity read"),
        {"sha256": _("SHA-256")},
        is_read=True,
    ),
    subjects=(Subject(IdentityChange),),
)
