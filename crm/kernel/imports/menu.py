from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import MenuItem, register, register_admin
from crm.kernel.imports.policies import may_import
from crm.kernel.people.menu import PEOPLE

register(MenuItem(_("Imports"), "imports:import_list", icon="file-import", order=86, key="imports", visible=may_import))
register_admin(PEOPLE, MenuItem(_("Imports"), "admin:kernel_importrun_changelist", icon="file-import", order=50))
