from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.menu import FILES, sees_clients
from crm.kernel.declarations.menu import MenuItem, register, register_admin

register(
    MenuItem(
        pgettext_lazy("menu", "Statements"),
        "clients:statement_list",
        icon="report-money",
        order=26,
        key="statements",
        visible=sees_clients,
    )
)
register_admin(
    FILES,
    MenuItem(_("Financial statements"), "admin:clients_statement_changelist", icon="report-money", order=40),
)
