"""Who sees the committee's meetings and who acts: its secretary keeps them, its members vote.

Votes are sealed until the ballot is closed, and stay closed to whoever recused.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.roles import Role
from risk.committee.models import AgendaItem, Attendance, Meeting, Vote
from risk.reviews.models import ReviewCase, ReviewSeat

READERS = frozenset({Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY, Role.AUDITOR})
KEEP = "keep"
NOT_SECRETARY = _("Only a secretary of the credit committee convenes its meetings.")
NOT_YOUR_MEETING = _("Only the secretary of this meeting keeps its agenda, its ballots and its minutes.")
NOT_A_MEMBER = _("Only members of the credit committee vote.")
SECRETARY_VOTES_NOT = _("The secretary of the meeting has no vote.")
NOT_PRESENT = _("You are not recorded as present with a vote at this hearing.")
RECUSED = _("You declared a conflict of interest in this case and have no vote.")


def _items_of(person: Viewer) -> Q:
    """Hearings: all for who works in the committee or audits it; decided ones for who sees the case."""
    if person.pk is None:
        return NOBODY
    if person.roles & READERS:
        return EVERYTHING
    return Q(status=AgendaItem.Status.DECIDED, case__in=ReviewCase.objects.visible_to(person).order_by().values("pk"))


@policy_for(Meeting)
class MeetingPolicy(Policy):
    """view: members, secretaries, audit. create: a secretary. keep: the secretary of the meeting."""

    def filter(self, person: Viewer, action: str) -> Q:
        if person.pk is None or not person.roles & READERS:
            return NOBODY
        if action == "view":
            return EVERYTHING
        keeps = action == KEEP and Role.COMMITTEE_SECRETARY in person.roles
        return Q(secretary=person.pk) if keeps else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        is_secretary = Role.COMMITTEE_SECRETARY in person.roles
        if action == "create":
            return ALLOWED if is_secretary else refused(NOT_SECRETARY)
        if action != KEEP or obj is None:
            return Decision(False)
        return ALLOWED if is_secretary and obj.secretary_id == person.pk else refused(NOT_YOUR_MEETING)


@policy_for(AgendaItem)
class AgendaItemPolicy(Policy):
    """keep: the secretary of the meeting. vote: a member recorded as present, with a voice."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return _items_of(person)
        if person.pk is None:
            return NOBODY
        if action == KEEP and Role.COMMITTEE_SECRETARY in person.roles:
            return Q(meeting__secretary=person.pk)
        if action == "vote" and Role.COMMITTEE_MEMBER in person.roles:
            present = Attendance.objects.filter(person=person.pk, state=Attendance.State.PRESENT).values("item")
            return Q(pk__in=present) & ~Q(case__in=_recused_by(person)) & ~Q(meeting__secretary=person.pk)
        return NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if obj is None:
            return Decision(False)
        if action == KEEP:
            keeps = Role.COMMITTEE_SECRETARY in person.roles and obj.meeting.secretary_id == person.pk
            return ALLOWED if keeps else refused(NOT_YOUR_MEETING)
        return _may_vote(person, obj) if action == "vote" else Decision(False)


def _may_vote(person: Viewer, item: AgendaItem) -> Decision:
    if item.meeting.secretary_id == person.pk:
        return refused(SECRETARY_VOTES_NOT)
    if Role.COMMITTEE_MEMBER not in person.roles:
        return refused(NOT_A_MEMBER)
    if _recused_by(person).filter(case=item.case_id).exists():
        return refused(RECUSED)
    mine = Attendance.objects.filter(item=item.pk, person=person.pk, state=Attendance.State.PRESENT)
    return ALLOWED if mine.exists() else refused(NOT_PRESENT)


def _recused_by(person: Viewer) -> Any:
    return ReviewSeat.objects.filter(person=person.pk, recused_at__isnull=False).values("case")


class _OfItem(Policy):
    """Rows of a hearing: written by its services only."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action != "view" or person.pk is None:
            return NOBODY
        items = AgendaItem.objects.visible_to(person).order_by().values("pk")
        return Q(item__in=items) & ~Q(item__case__in=_recused_by(person))

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return ALLOWED if action == "view" else refused(_("The record of a hearing is written only by its acts."))


@policy_for(Attendance)
class AttendancePolicy(_OfItem):
    pass


@policy_for(Vote)
class VotePolicy(_OfItem):
    """One's own at once, all others once the result stands."""

    def filter(self, person: Viewer, action: str) -> Q:
        found = super().filter(person, action)
        return found & (Q(item__status=AgendaItem.Status.DECIDED) | Q(person=person.pk)) if found != NOBODY else found
