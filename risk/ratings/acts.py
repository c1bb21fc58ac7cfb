from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, register

register(
    Act("rating.entered", _("Rating entered"), {"client": Kept(_("Client"), "clients.Client")}),
    Act(
        "rating.confirmed",
        _("Rating confirmed"),
        {"client": Kept(_("Client"), "clients.Client"), "grade": _("Grade"), "replaces": _("replaces")},
        watch="decision",
    ),
    Act("rating.rejected", _("Rating declined"), {"client": Kept(_("Client"), "clients.Client")}, watch="decision"),
)
