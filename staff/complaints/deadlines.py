from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.deadlines import Deadlines, register
from staff.complaints.services.clock import dates_preview, dates_refresh

register(Deadlines("complaint", _("Complaints"), dates_preview, dates_refresh))
