from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act("file.stored", _("File stored"), {"sha256": _("SHA-256"), "size": _("File size"), "name": _("Name")}),
)
