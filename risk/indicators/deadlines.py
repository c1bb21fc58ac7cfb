from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.deadlines import Deadlines, register
from risk.indicators.services.redate import dates_preview, dates_refresh

register(Deadlines("warning", _("Warnings"), dates_preview, dates_refresh))
