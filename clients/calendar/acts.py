from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act("calendar.feed_opened", _("Calendar feed opened"), {"names_clients": _("with the names of clients")}),
    Act("calendar.feed_revoked", _("Calendar feed revoked")),
)
