from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import bad, ok, register

register(
    "file",
    {
        "missing": bad(_("Missing"), icon="file-x"),
        "valid": ok(_("Valid"), icon="check"),
        "expired": bad(_("Expired"), icon="file-x"),
    },
)
