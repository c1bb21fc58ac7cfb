"""The two people who look into a deal (rules 1.1, 双人调查): who may be one, and the writing of their rows."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import RuleRefused, Text
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import roles_at_hand
from projects.deals.models import Investigator, Project, ProjectEditor

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


def write_investigators(project: Project, *, lead: Person | None, assistant: Person | None) -> dict[str, int | None]:
    """Make these two the investigators; answer their ids for the record. RuleRefused names the part.

    The caller holds the project's row and asked its policy.
    """
    wanted = {LEAD.value: lead, ASSISTANT.value: assistant}
    errors: dict[str, list[Text]] = {}
    for part, person in wanted.items():
        if person is not None and (reason := why_unfit(part, person)):
            errors[part] = [reason]
    if lead is not None and assistant is not None and lead.pk == assistant.pk:
        errors[ASSISTANT.value] = [_("The two investigators must be two different people.")]
    if errors:
        raise RuleRefused(errors=errors, code="investigators")
    _note_makers(project, [person for person in wanted.values() if person])
    project.investigators.all().delete()
    Investigator.objects.bulk_create(
        Investigator(project=project, person=person, part=part) for part, person in wanted.items() if person
    )
    return {part: person.pk if person else None for part, person in wanted.items()}


def _note_makers(project: Project, coming: list[Person]) -> None:
    """Whoever was ever named is a maker in every review of the deal, replaced or not (rules 1.1)."""
    going = project.investigators.order_by("part").values_list("person_id", flat=True)
    people = dict.fromkeys([*going, *(person.pk for person in coming)])
    ProjectEditor.objects.bulk_create(
        [ProjectEditor(project=project, person_id=pk) for pk in people], ignore_conflicts=True
    )
