"""The two people who look into a project (rules 1.1, 双人调查): who they are, and who may be one."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import roles_at_hand
from projects.deals.models import Investigator, Project

LEAD, ASSISTANT = Investigator.Part.LEAD, Investigator.Part.ASSISTANT
FIT_FOR = {
    LEAD.value: (Role.ACCOUNT_MANAGER,),
    ASSISTANT.value: (Role.ASSISTANT_INVESTIGATOR, Role.ACCOUNT_MANAGER),
}
UNFIT: dict[str, Text] = {
    LEAD.value: _("The lead investigator must be an account manager: %(name)s is not."),
    ASSISTANT.value: _("The assistant investigator must hold that role or be an account manager: %(name)s is neither."),
}


def current(project: Project) -> dict[str, Person]:
    """Part → person of the rows as they are."""
    return {row.part: row.person for row in project.investigators.select_related("person")}


def investigators_now(project: Project) -> dict[str, Person]:
    """Part → person, each with the roles of today at hand. Two queries."""
    found = current(project)
    roles_at_hand(list(found.values()))
    return found


def why_unfit(part: str, person: Person) -> Text:
    """Why this person may not have this part as of today; "" if they may."""
    if not person.is_active:
        return _("%(name)s no longer works here.") % {"name": person.name}
    return "" if person.has_role(*FIT_FOR[part]) else UNFIT[part] % {"name": person.name}
