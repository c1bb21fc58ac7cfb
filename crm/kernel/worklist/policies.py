"""Who sees a to-do: whoever has it; and, unless its subject does not exist for them, whoever it was escalated to, the
heads above its owner, the auditors.
"""

from typing import Any

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.roles import Role
from crm.kernel.worklist import kinds
from crm.kernel.worklist.models import Todo


def _without_subject(person: Viewer) -> Q:
    """To-dos whose subject does not exist for the person, as far as their kind asks; `object_id` is a key as text."""
    found = NOBODY
    for subjects, codes in kinds.with_subjects().items():
        keys = subjects(person).order_by().values_list(Cast("pk", CharField()))
        found |= Q(kind__in=codes) & ~Q(object_id__in=keys)
    return found


@policy_for(Todo)
class TodoPolicy(Policy):
    """Closing is the consequence of an act of a wing, which asks its own policy; handing on is the chief's."""

    def filter(self, person: Viewer, action: str) -> Q:
        theirs = Q(escalated_to=person.pk)
        if Role.DEPARTMENT_HEAD in person.roles:
            theirs |= Q(owner__department__path__startswith=person.department_path)
        if action not in ("view", "reassign"):
            return NOBODY
        if action == "view" and Role.AUDITOR in person.roles:
            theirs = EVERYTHING
        theirs &= ~_without_subject(person)
        return theirs if action == "reassign" else theirs | Q(owner=person.pk)

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action == "reassign" and obj is not None:
            is_head = Role.DEPARTMENT_HEAD in person.roles
            if obj.escalated_to_id == person.pk or (
                is_head and obj.owner.department.path.startswith(person.department_path)
            ):
                return ALLOWED
        return refused(_("The head of the owner's department hands it on."))
