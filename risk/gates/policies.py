"""Who decides on a waiver: the person it was asked of, while their authority reaches it and they do not work on the
deal.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.roles import Role
from projects.deals.models import Project, ProjectEditor
from projects.deals.policies import workers
from risk.gates.models import GateWaiver

DECIDE = "decide"
NOT_ASKED = _("This waiver is decided by %(name)s.")
TOO_LOW = _("Your authority does not reach this waiver.")
A_MAKER = _("You work on this project: somebody else must decide.")


@policy_for(GateWaiver)
class GateWaiverPolicy(Policy):
    """Seen by who sees the deal and by who was asked. Decided by who was asked."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return Q(project__in=Project.objects.visible_to(person)) | Q(asked_of_id=person.pk)
        if action != DECIDE or Role.FINAL_APPROVER not in person.roles:
            return NOBODY
        mine = Q(status=GateWaiver.Status.ASKED, asked_of_id=person.pk, level__lte=_level_of(person))
        return mine & ~Q(project__in=works_on(person))

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action != DECIDE or obj is None:
            return Decision(False)
        if obj.asked_of_id != person.pk:
            return refused(NOT_ASKED % {"name": obj.asked_of.name})
        if Role.FINAL_APPROVER not in person.roles or _level_of(person) < obj.level:
            return refused(TOO_LOW)
        return refused(A_MAKER) if works_on(person).filter(pk=obj.project_id).exists() else ALLOWED


def works_on(person: Viewer) -> Any:
    """Deals that this person works on or ever wrote to."""
    edited = ProjectEditor.objects.filter(person_id=person.pk).values("project_id")
    return Project.objects.filter(Q(pk__in=edited) | workers(person)).values("pk")


def _level_of(person: Viewer) -> int:
    """The final authority as granted today; none for whoever is no person."""
    return int(getattr(person, "authority_level", 0))
