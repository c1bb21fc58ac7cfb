from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from risk.identity.selectors import waiting_for

SHOWN = ("former_name", "name", "proposed_by_name")


def changes_to_decide(person: Person) -> Iterable[Line]:
    """Changes of a client's name or code that another person proposed."""
    if not person.has_role(Role.RISK_ASSESSOR, Role.DEPARTMENT_HEAD):
        return
    for change in waiting_for(viewer=person).select_related(None).only(*SHOWN)[:MOST]:
        yield Line(
            kind="client",
            icon="arrows-exchange",
            title=_("Decide on the change of name or code: %(client)s") % {"client": change.former_name},
            note=_("new name %(name)s · proposed by %(person)s")
            % {"name": change.name, "person": change.proposed_by_name},
            due=None,
            act=_("Decide"),
            url=change.get_absolute_url(),
        )


register(changes_to_decide, order=35)
