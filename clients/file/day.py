from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.file.models import Client, ClientType
from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role


def unknown_facts(person: Person) -> Iterable[Line]:
    """For the data steward: clients whose industry, region or size nobody has entered."""
    if not person.has_role(Role.DATA_STEWARD):
        return
    missing = Q(industry=None) | Q(region=None) | Q(size="")
    rows = Client.objects.visible_to(person, "correct").filter(missing).exclude(client_type=ClientType.INDIVIDUAL)
    for client in rows.select_related("owner").order_by("pk")[:MOST]:
        yield Line(
            kind="client",
            icon="pencil",
            title=_("Enter industry, region or size: %(client)s") % {"client": client.name},
            note=_("account manager %(owner)s") % {"owner": client.owner.name},
            due=None,
            act=_("Complete"),
            url=reverse("clients:client_update", args=[client.pk]),
        )


register(unknown_facts, order=50)
