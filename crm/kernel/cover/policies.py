"""Who may do what with covers: everybody who works here reads the register; a second person confirms what one asks."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.models import Cover, Person
from crm.kernel.people.roles import Role

CONFIRM, END = "confirm", "end"
NOT_A_CONFIRMER = _(
    "A cover is confirmed by the head of the person's department, of one above it, or by the security administrator."
)
ITS_OWN = _("You asked for this cover or are one of its two people: somebody else confirms it.")
NOT_YOURS_TO_END = _("A cover is ended by the person who is covered, a head above them or the security administrator.")
NOT_ABOVE = _("You can ask for a cover of your own absence, or as department head for the people of your department.")


@policy_for(Cover)
class CoverPolicy(Policy):
    """view: everybody. create: for oneself, or a head for their people. confirm: a head above the person or the
    security administrator, none of who asked and the two people. end: the person, a head above, the administrator.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return EVERYTHING
        if action == CONFIRM:
            both = Q(asked_by_id=person.pk) | Q(person_id=person.pk) | Q(deputy_id=person.pk)
            return Q(state=Cover.State.ASKED) & _above(person) & ~both
        if action == END:
            return Q(state__in=Cover.LIVE) & (_above(person) | Q(person_id=person.pk))
        return NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action in ("view", "create"):
            return ALLOWED
        if action not in (CONFIRM, END) or obj is None:
            return Decision(False)
        above = is_above(person, obj.person)
        if action == END:
            return ALLOWED if above or person.pk == obj.person_id else refused(NOT_YOURS_TO_END)
        if not above:
            return refused(NOT_A_CONFIRMER)
        return refused(ITS_OWN) if person.pk in (obj.asked_by_id, obj.person_id, obj.deputy_id) else ALLOWED


def _above(person: Viewer) -> Q:
    if Role.SECURITY_ADMIN in person.roles:
        return EVERYTHING
    if Role.DEPARTMENT_HEAD in person.roles:
        return Q(person__department__path__startswith=person.department_path)
    return NOBODY


def is_above(person: Viewer, of: Person) -> bool:
    """Whether `person` heads a department that `of` belongs to, or keeps everybody's rights."""
    if Role.SECURITY_ADMIN in person.roles:
        return True
    return Role.DEPARTMENT_HEAD in person.roles and of.department.path.startswith(person.department_path)
