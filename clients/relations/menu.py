from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES, sees_clients
from clients.file.policies import HELPERS
from crm.kernel.declarations.menu import MenuItem, register, register_admin, register_new
from crm.kernel.people.models import Person


def may_record(person: Person) -> bool:
    """Whether the person may record interactions with some client."""
    return bool(person.roles & HELPERS)


register(
    MenuItem(
        _("Interactions"),
        "clients:interaction_list",
        icon="messages",
        order=24,
        key="interactions",
        visible=sees_clients,
    )
)
register_new(
    MenuItem(_("Record an interaction"), "clients:interaction_create", icon="messages", order=15, visible=may_record)
)
register_admin(
    FILES,
    MenuItem(_("Interactions"), "admin:clients_interaction_changelist", icon="messages", order=30),
    MenuItem(_("Promises"), "admin:clients_promise_changelist", icon="checklist", order=32),
    MenuItem(_("Contact plans"), "admin:clients_contactplan_changelist", icon="calendar-event", order=34),
)
