from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import MenuItem, register_admin
from crm.kernel.people.menu import PEOPLE

register_admin(PEOPLE, MenuItem(_("Exports"), "admin:kernel_exportrun_changelist", icon="download", order=51))
