from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES
from crm.kernel.declarations.menu import MenuItem, register_admin

register_admin(FILES, MenuItem(_("Standing"), "admin:clients_standingfact_changelist", icon="chart-line", order=30))
