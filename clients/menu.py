"""The clients' entry of the side bar and of the "new" list."""

from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import own
from clients.file.selectors import may_file
from crm.kernel.people.models import Person
from crm.kernel.web.menu import MenuItem


def my_clients(person: Person) -> int | None:
    """How many clients the person keeps; no figure for who keeps none."""
    return Client.objects.filter(own(person)).count() or None


MENU = [MenuItem(_("Clients"), "clients:client_list", icon="building", order=20, count=my_clients, phone=True)]
NEW = [MenuItem(_("New client"), "clients:client_create", icon="building", order=20, visible=may_file)]
