"""The writing of a project's two investigators."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import RuleRefused, Text
from crm.kernel.people.models import Person
from projects.deals.investigators import ASSISTANT, LEAD, why_unfit
from projects.deals.models import Investigator, Project, ProjectEditor


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
