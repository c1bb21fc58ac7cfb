from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import MenuItem, register, register_admin
from crm.kernel.people.menu import PEOPLE

register(MenuItem(_("Leave and cover"), "cover:cover_list", icon="calendar-user", order=85, key="cover"))
register_admin(PEOPLE, MenuItem(_("Covers"), "admin:kernel_cover_changelist", icon="calendar-user", order=45))
