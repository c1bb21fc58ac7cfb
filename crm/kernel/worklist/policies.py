"""Who sees a to-do: whoever has it, whoever it was escalated to, the heads above its owner, the auditors."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.roles import Role
from crm.kernel.worklist.models import Todo


@policy_for(Todo)
class TodoPolicy(Policy):
    """Closing is the consequence of an act of a wing, which asks its own policy; handing on is the chief's."""

    def filter(self, person: Viewer, action: str) -> Q:
        theirs = Q(escalated_to=person.pk)
        if Role.DEPARTMENT_HEAD in person.roles:
            theirs |= Q(owner__department__path__startswith=person.department_path)
        if action == "reassign":
            return theirs
        if action != "view":
            return NOBODY
        return EVERYTHING if Role.AUDITOR in person.roles else theirs | Q(owner=person.pk)

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
