from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, register

CLIENT: dict[str, Text | Kept] = {"client": Kept(_("Client"), "clients.Client")}

register(
    Act("limit.proposed", _("Limit proposed"), {**CLIENT, "asked_of": Kept(_("To be decided by"), "kernel.Person")}),
    Act(
        "limit.approved",
        _("Limit approved"),
        {**CLIENT, "amount": _("Limit in yuan"), "replaces": _("replaces")},
        watch="decision",
    ),
    Act("limit.declined", _("Limit declined"), CLIENT, watch="decision"),
    Act("limit.cut", _("Limit cut after a worse grade"), {**CLIENT, "grade": _("Grade")}),
)
