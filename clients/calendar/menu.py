from django.utils.translation import pgettext_lazy

from clients.file.menu import sees_clients
from crm.kernel.declarations.menu import MenuItem, register

register(
    MenuItem(
        pgettext_lazy("appointments", "Calendar"),
        "clients:calendar",
        icon="calendar-event",
        order=22,
        key="calendar",
        visible=sees_clients,
    )
)
