from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act("notice.preferences_set", _("Notice preferences set")),
)
