from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import own
from clients.file.selectors import may_file
from crm.kernel.declarations.menu import AdminSection, MenuItem, register, register_admin, register_new
from crm.kernel.people.models import Person

# Clients, what is known about them, and projects share one section of the admin.
FILES = AdminSection(_("Client files"), order=30)


def my_clients(person: Person) -> int | None:
    """How many clients the person keeps; no figure for who keeps none."""
    return Client.objects.filter(own(person)).count() or None


register(MenuItem(_("Clients"), "clients:client_list", icon="building", order=20, count=my_clients, phone=True))
register_new(MenuItem(_("New client"), "clients:client_create", icon="building", order=20, visible=may_file))
register_admin(
    FILES,
    MenuItem(_("Clients"), "admin:clients_client_changelist", icon="building", order=10),
    MenuItem(_("Contacts"), "admin:clients_contact_changelist", icon="address-book", order=20),
)
