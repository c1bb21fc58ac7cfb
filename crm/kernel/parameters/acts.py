from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act("parameter.proposed", _("Parameter value proposed")),
    Act("parameter.approved", _("Parameter value approved"), watch="rights"),
    Act("parameter.released", _("Parameter value delivered with a release")),
    Act("parameter.withdrawn", _("Parameter proposal withdrawn")),
)
