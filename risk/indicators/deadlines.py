from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.deadlines import Deadlines, register
from risk.indicators import services

register(Deadlines("warning", _("Warnings"), services.dates_preview, services.dates_refresh))
