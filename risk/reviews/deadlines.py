from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.deadlines import Deadlines, register
from risk.reviews.services.refresh import dates_preview, dates_refresh

register(Deadlines("review", _("Reviews"), dates_preview, dates_refresh))
