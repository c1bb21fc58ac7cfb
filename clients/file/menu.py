from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import HELPERS, READS_ALL, own
from clients.file.selectors import may_file
from crm.kernel.declarations.menu import AdminSection, MenuItem, register, register_admin, register_new
from crm.kernel.people.models import Person
from crm.kernel.people.roles import DECIDING, Role

# Clients, what is known about them, and projects share one section of the admin.
FILES = AdminSection(_("Client files"), order=30)


def my_clients(person: Person) -> int | None:
    """How many clients the person keeps; no figure for who keeps none."""
    return Client.objects.filter(own(person)).count() or None


def sees_clients(person: Person) -> bool:
    """Whether clients can be theirs to see: kept, read, decided about, or granted to the back office."""
    return bool(person.roles & (HELPERS | READS_ALL | DECIDING | {Role.BACK_OFFICE}))


register(
    MenuItem(
        _("Clients"),
        "clients:client_list",
        icon="building",
        order=20,
        count=my_clients,
        phone=True,
        visible=sees_clients,
    )
)
register_new(MenuItem(_("New client"), "clients:client_create", icon="building", order=20, visible=may_file))
register_admin(
    FILES,
    MenuItem(_("Clients"), "admin:clients_client_changelist", icon="building", order=10),
    MenuItem(_("Contacts"), "admin:clients_contact_changelist", icon="address-book", order=20),
)
