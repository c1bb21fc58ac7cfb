from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES, sees_clients
from clients.requests.policies import may_record
from crm.kernel.declarations.menu import MenuItem, register, register_admin, register_new

register(
    MenuItem(
        _("Client requests"),
        "clients:request_list",
        icon="message-report",
        order=25,
        key="requests",
        visible=sees_clients,
    )
)
register_new(
    MenuItem(_("Record a request"), "clients:request_create", icon="message-report", order=16, visible=may_record)
)
register_admin(
    FILES,
    MenuItem(_("Client requests"), "admin:clients_servicerequest_changelist", icon="message-report", order=36),
)
