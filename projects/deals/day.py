from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from projects.deals.models import Investigator, Project


def returned_deals(person: Person) -> Iterable[Line]:
    """Deals that a reviewer sent back, for their assistant investigator. Who keeps the client has a to-do of each."""
    if not person.has_role(Role.ASSISTANT_INVESTIGATOR):
        return
    seats = Investigator.objects.filter(person=person, part=Investigator.Part.ASSISTANT).values("project")
    rows = Project.objects.visible_to(person).filter(pk__in=seats, status=Project.Status.RETURNED)
    rows = rows.exclude(client__owner=person)
    for project in rows.select_related("client").order_by("due_on", "id")[:MOST]:
        yield Line(
            kind="project",
            icon="corner-up-left",
            title=_("Complete the returned project: %(project)s") % {"project": project.name},
            note=project.client.name,
            due=project.due_on,
            act=_("Complete"),
            url=project.get_absolute_url(),
        )


register(returned_deals, order=20)
