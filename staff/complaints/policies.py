"""Who sees a complaint and who acts on it. The person complained of, and their relatives, see nothing of it."""

from typing import Any

from django.db.models import BigIntegerField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.roles import Role
from crm.kernel.worklist.models import Todo
from staff.complaints.models import (
    OPEN,
    Complaint,
    ComplaintClaim,
    ComplaintEvent,
    ComplaintFile,
    ComplaintRecheck,
    ComplaintSeat,
    DeclaredRelation,
    Extension,
    Part,
    Pause,
    Status,
    Tie,
)

READS_ALL = frozenset({Role.COMPLAINTS_OFFICER, Role.AUDITOR})
RECORDERS = frozenset({Role.COMPLAINTS_OFFICER, Role.DEPARTMENT_HEAD, Role.ACCOUNT_MANAGER, Role.BACK_OFFICE})
# Who may answer for one; a major complaint is answered for by a senior (rules 5.3).
HANDLERS = frozenset({Role.COMPLAINTS_OFFICER, Role.DEPARTMENT_HEAD, Role.ACCOUNT_MANAGER})
SENIORS = frozenset({Role.COMPLAINTS_OFFICER, Role.DEPARTMENT_HEAD})
CHECKERS = frozenset({Role.COMPLAINTS_OFFICER, Role.DEPARTMENT_HEAD, Role.FINAL_APPROVER})
# To them the complaint does not exist; the other ties keep from acting only. Nobody is blind by another's word alone.
BLIND = (Tie.SUBJECT, Tie.RELATIVE)
# Named by one person, not confirmed by a second one: content is closed to them, that the complaint exists is not
# (selectors.claims_about). To an auditor, who acts on nothing, the content stays open until then.
UNCONFIRMED = (Tie.CLAIMED,)
# From this level on somebody is a vice-president, the end of the ladder (selectors.eligible), and sees what waits for a
# second person. How high the approval of a second extension lies, parameter `complaint.special_level` says.
SPECIAL_LEVEL = 2

BY_HANDLER = frozenset({"acknowledge", "extend", "tell_extension", "draft", "reply"})
BY_CHECKER = frozenset({"decide_extension", "decide_recheck", "pause", "review", "close", "withdraw"})
BY_STEERING = frozenset({"assign", "reopen", "reclassify", "correct"})

NOT_HANDLER = _("Only the handler of this complaint can do this.")
NOT_CHECKER = _("A second person must do this: complaints officer, department head or vice-president.")
OWN_WORK = _("You handle or handled this complaint: a second person must do this.")
OWN_CLAIM = _("You made this claim: a second, uninvolved person decides on it.")
NOT_SPECIAL = _("A second extension must be approved by a vice-president or above.")
NOT_STEERING = _("Only a complaints officer, the department head or the person it was escalated to can do this.")
NOT_RECORDER = _(
    "Complaints can be recorded by complaints officers, department heads, account managers and the back office."
)
NOT_REVEALER = _("Only people who work on this complaint can view the complainant's data unmasked.")
CONCERNED: dict[str, Text] = {
    Tie.SUBJECT: _("This person is a person complained of."),
    Tie.RELATIVE: _("This is a relative of a person complained of."),
    Tie.CLAIMED: _("This person is named as complained of; a second person has not decided on it yet."),
    Tie.NAMED: _("A person complained of has declared this person as a relative."),
    Tie.CLIENT: _("This is a relative of the complaining client."),
    Tie.APPROVER: _("This person decided on the project complained of."),
}


def seat_of(complaint: Complaint, person: Viewer) -> ComplaintSeat | None:
    """The person's seat; read with the complaint where the seats were fetched along."""
    return next((seat for seat in complaint.seats.all() if seat.person_id == person.pk), None)


def heads(complaint: Complaint, person: Viewer) -> bool:
    """Whether the complaint lies in the department the person heads, by its own place or its handler's."""
    if Role.DEPARTMENT_HEAD not in person.roles:
        return False
    places = [complaint.department, complaint.responsible.department if complaint.responsible else None]
    return any(place.path.startswith(person.department_path) for place in places if place is not None)


def _blind(person: Viewer) -> Q:
    """Complaints that do not exist for this person."""
    ties = BLIND if Role.AUDITOR in person.roles else (*BLIND, *UNCONFIRMED)
    seats = ComplaintSeat.objects.filter(person_id=person.pk, tie__in=ties)
    return Q(pk__in=seats.values("complaint_id"))


def has_to_do_with(person: Viewer) -> Q:
    """Complaints the person has something to do with, whoever is named as complained of."""
    if person.roles & READS_ALL:
        return EVERYTHING
    own = Q(responsible_id=person.pk) | Q(escalated_to_id=person.pk) | Q(created_by_id=person.pk)
    had = ComplaintSeat.objects.filter(person_id=person.pk, part__in=[Part.HANDLER, Part.CHECKER])
    seats = had.filter(Q(barred_at=None) | Q(tie__in=(Tie.NAMED, Tie.CLAIMED)))
    own |= Q(pk__in=seats.values("complaint_id"))
    # Whoever is asked for something, or is told that somebody's part in it is late, sees what it is about.
    asked = Q(escalated_to=person.pk) | Q(owner=person.pk)
    late = Todo.objects.filter(asked, object_type=Complaint._meta.label_lower, done_at__isnull=True)
    own |= Q(pk__in=late.values_list(Cast("object_id", BigIntegerField())))
    if Role.DEPARTMENT_HEAD in person.roles:
        path = person.department_path
        own |= Q(department__path__startswith=path) | Q(responsible__department__path__startswith=path)
    if getattr(person, "authority_level", 0) >= SPECIAL_LEVEL:
        # What waits for a second person may wait for them: where the officer answers, nobody else stands above.
        waiting = Extension.objects.filter(is_approved=None).values("complaint_id")
        own |= Q(status__in=(Status.REVIEW, Status.REPLIED)) | Q(pk__in=waiting, status__in=OPEN)
    return own


def works_on(person: Viewer) -> Q:
    """Complaints the person answers for, is or was the second one of, or steers."""
    if Role.COMPLAINTS_OFFICER in person.roles:
        return EVERYTHING
    checks = ComplaintSeat.objects.filter(person_id=person.pk, part=Part.CHECKER, barred_at=None)
    found = Q(responsible_id=person.pk) | Q(escalated_to_id=person.pk) | Q(pk__in=checks.values("complaint_id"))
    if Role.DEPARTMENT_HEAD in person.roles:
        path = person.department_path
        found |= Q(department__path__startswith=path) | Q(responsible__department__path__startswith=path)
    return found


@policy_for(Complaint)
class ComplaintPolicy(Policy):
    """view: officers, auditors, who answers, checks, recorded or was told, heads; never those complained of."""

    def filter(self, person: Viewer, action: str) -> Q:
        return has_to_do_with(person) & ~_blind(person) if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "create":
            return ALLOWED if person.roles & RECORDERS else refused(NOT_RECORDER)
        if action == "view" or obj is None:
            return Decision(action == "view")
        if action == "ties":
            # Who is whose relative stands in the register of relations, which only these read (below); who steers
            # must know why somebody may not answer.
            return Decision(bool(person.roles & READS_ALL) or self._steers(person, obj))
        seat = seat_of(obj, person)
        if seat is not None and seat.tie:
            return refused(CONCERNED[seat.tie])
        if action in BY_HANDLER:
            return ALLOWED if obj.responsible_id == person.pk else refused(NOT_HANDLER)
        if action in BY_CHECKER:
            return self._checks(person, obj, seat, action)
        if action in BY_STEERING:
            return ALLOWED if self._steers(person, obj) else refused(NOT_STEERING)
        if action == "resume":
            return ALLOWED if obj.responsible_id == person.pk else self._checks(person, obj, seat, action)
        if action == "decide_claim":
            return self._decides_claim(person, obj, seat)
        if action in ("concern", "unconcern", "ask_recheck"):
            allowed = obj.responsible_id == person.pk or self._steers(person, obj)
            return ALLOWED if allowed else refused(NOT_STEERING)
        if action == "reveal":
            works = obj.responsible_id == person.pk or (seat is not None and seat.part == Part.CHECKER)
            return ALLOWED if works or self._steers(person, obj) else refused(NOT_REVEALER)
        return Decision(False)

    def _checks(self, person: Viewer, obj: Complaint, seat: ComplaintSeat | None, action: str) -> Decision:
        if obj.responsible_id == person.pk or (seat is not None and seat.part == Part.HANDLER):
            return refused(OWN_WORK)
        if not person.roles & CHECKERS:
            return refused(NOT_CHECKER)
        is_special = action == "decide_extension" and any(
            extension.is_pending and extension.step == Extension.Step.SECOND for extension in obj.extension_rows.all()
        )
        if is_special and getattr(person, "authority_level", 0) < parameters.value("complaint.special_level").value:
            return refused(NOT_SPECIAL)
        return ALLOWED

    def _decides_claim(self, person: Viewer, obj: Complaint, seat: ComplaintSeat | None) -> Decision:
        pending = [claim for claim in obj.claims.all() if claim.is_confirmed is None]
        if pending and all(claim.claimed_by_id == person.pk for claim in pending):
            return refused(OWN_CLAIM)
        return self._checks(person, obj, seat, "decide_claim")

    def _steers(self, person: Viewer, obj: Complaint) -> bool:
        is_officer = Role.COMPLAINTS_OFFICER in person.roles
        return is_officer or obj.escalated_to_id == person.pk or heads(obj, person)


class _OfComplaint(Policy):
    """Seen with its complaint; written by services only."""

    def filter(self, person: Viewer, action: str) -> Q:
        return Q(complaint__in=Complaint.objects.visible_to(person)) if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(action == "view")


@policy_for(ComplaintSeat)
class ComplaintSeatPolicy(_OfComplaint):
    pass


@policy_for(ComplaintClaim)
class ComplaintClaimPolicy(_OfComplaint):
    pass


@policy_for(ComplaintFile)
class ComplaintFilePolicy(_OfComplaint):
    pass


@policy_for(ComplaintRecheck)
class ComplaintRecheckPolicy(_OfComplaint):
    pass


@policy_for(Extension)
class ExtensionPolicy(_OfComplaint):
    pass


@policy_for(Pause)
class PausePolicy(_OfComplaint):
    pass


@policy_for(ComplaintEvent)
class ComplaintEventPolicy(_OfComplaint):
    pass


@policy_for(DeclaredRelation)
class DeclaredRelationPolicy(Policy):
    """Everybody declares their own; the complaints officer and the auditor read them."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view" and person.roles & READS_ALL:
            return EVERYTHING
        return Q(person_id=person.pk) if action in ("view", "end") else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "end":
            own = obj is not None and obj.person_id == person.pk
            return ALLOWED if own else refused(_("Each person manages their own declarations."))
        return Decision(action in ("view", "create"))
