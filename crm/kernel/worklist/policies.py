"""Who sees a to-do: whoever has it; and, unless its subject does not exist for them, whoever it was escalated to, the
heads above its owner, who covers the owner, the auditors.
"""

from typing import Any

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import (
    ALLOWED,
    EVERYTHING,
    NOBODY,
    Decision,
    Policy,
    Viewer,
    policy_for,
    refused,
)
from crm.kernel.people.roles import Role
from crm.kernel.worklist import kinds
from crm.kernel.worklist.models import Todo

OWN = _("This to-do is yours: do it, or hand over what it is about.")
NOT_ABOVE = _("Only the person it was escalated to and the heads above its assignee can send a reminder.")


def _without_subject(person: Viewer) -> Q:
    """To-dos whose subject does not exist for the person, as far as their kind asks; `object_id` is a key as text."""
    found = NOBODY
    for subjects, codes in kinds.with_subjects().items():
        keys = subjects(person).order_by().values_list(Cast("pk", CharField()))
        found |= Q(kind__in=codes) & ~Q(object_id__in=keys)
    return found


@policy_for(Todo)
class TodoPolicy(Policy):
    """Closing follows from an act of a module, which asks its own policy. So is handing on: whose it is follows
    from what it is about, the client's keeper or the complaint's handler. Who stands above its owner may remind them.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action != "view":
            return NOBODY
        theirs = Q(escalated_to=person.pk)
        if Role.DEPARTMENT_HEAD in person.roles:
            theirs |= Q(owner__department__path__startswith=person.department_path)
        if Role.AUDITOR in person.roles:
            theirs = EVERYTHING
        if person.covers_wholly:
            theirs |= Q(owner__in=person.covers_wholly)
        return theirs & ~_without_subject(person) | Q(owner=person.pk)

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view" or obj is None:
            return Decision(action == "view")
        if action != "nudge":
            return Decision(False)
        if obj.owner_id == person.pk:
            return refused(OWN)
        return ALLOWED if is_above(person, obj) else refused(NOT_ABOVE)


def is_above(person: Viewer, todo: Todo) -> bool:
    """Whether it came up to the person, or they head a department that its owner belongs to."""
    heads = Role.DEPARTMENT_HEAD in person.roles
    return todo.escalated_to_id == person.pk or (
        heads and todo.owner.department.path.startswith(person.department_path)
    )
