from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import AdminSection, MenuItem, register_admin

PEOPLE = AdminSection(_("People and rights"), order=60)

register_admin(
    PEOPLE,
    MenuItem(_("People"), "admin:kernel_person_changelist", icon="users", order=10),
    MenuItem(_("Posts"), "admin:kernel_post_changelist", icon="id-badge-2", order=20),
    MenuItem(_("Departments"), "admin:kernel_department_changelist", icon="sitemap", order=30),
    MenuItem(_("Moves"), "admin:kernel_move_changelist", icon="arrows-move", order=35),
    MenuItem(_("Roles and grants"), "admin:kernel_rolegrant_changelist", icon="shield-check", order=40),
    MenuItem(_("Accounts"), "admin:kernel_account_changelist", icon="user", order=50),
    MenuItem(_("API keys"), "admin:kernel_apikey_changelist", icon="key", order=60),
)
