from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.deadlines import Deadlines, register
from risk.reviews import services

register(Deadlines("review", _("Reviews"), services.dates_preview, services.dates_refresh))
