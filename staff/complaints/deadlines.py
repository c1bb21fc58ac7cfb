from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.deadlines import Deadlines, register
from staff.complaints import services

register(Deadlines("complaint", _("Complaints"), services.dates_preview, services.dates_refresh))
