from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act("delivery.redelivered", _("Delivery retried")),
)
