"""Who may answer for a complaint, why others may not, and who is told when nobody does: round the parties concerned."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import can_log_in, roles_at_hand, with_roles
from staff.complaints.models import Complaint, ComplaintClaim, Part, Tie
from staff.complaints.policies import CONCERNED, HANDLERS, SENIORS, SPECIAL_LEVEL
from staff.complaints.selectors.ties import ties_of

INACTIVE = _("This person has left or has no active account.")
NO_HANDLER = _("Only a complaints officer, a department head or an account manager can handle complaints.")
NO_SENIOR = _("Only a complaints officer or a department head can handle a major complaint.")
CHECKED = _("This person is the second person who checks this complaint.")
UNDER = _("This person works under a person complained of.")


@dataclass(frozen=True)
class Candidate:
    """Somebody whose work this could be; `reason` says why not, "" if they may."""

    person: Person
    reason: Text


def why_not_handler(complaint: Complaint, person: Person) -> Text:
    """Why this person may not answer for the complaint; "" if they may."""
    return Candidates(complaint).judge([person])[0].reason


def is_under(person: Person, chiefs: Iterable[Person]) -> bool:
    """Whether one of `chiefs` heads the person's department or one above it."""
    return any(
        Role.DEPARTMENT_HEAD in chief.roles and person.department.path.startswith(chief.department.path)
        for chief in chiefs
        if chief.pk != person.pk
    )


class Candidates:
    """The ties of one complaint, read once, and the questions that are asked of people."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint
        self.ties = ties_of(complaint)
        self.parts = {seat.person_id: seat for seat in complaint.seats.all()}
        subjects = [pk for pk, tie in self.ties.items() if tie in (Tie.SUBJECT, Tie.CLAIMED)]
        self.subjects = list(with_roles(Person.objects.filter(pk__in=subjects))) if subjects else []

    def judge(self, people: list[Person]) -> list[Candidate]:
        """Why not, for each; "" if the person may."""
        able = set(can_log_in(Person.objects.filter(pk__in=[one.pk for one in people])).values_list("pk", flat=True))
        return [Candidate(person, self._why_not(person, able)) for person in roles_at_hand(people)]

    def _why_not(self, person: Person, able: set[int]) -> Text:
        seat, tie = self.parts.get(person.pk), self._tie(person)
        if tie:
            return CONCERNED[tie]
        if person.pk not in able:
            return INACTIVE
        if is_under(person, self.subjects):
            return UNDER
        if not person.roles & HANDLERS:
            return NO_HANDLER
        if self.complaint.is_major and not person.roles & SENIORS:
            return NO_SENIOR
        return CHECKED if seat is not None and seat.part == Part.CHECKER else ""

    def is_free(self, person: Person) -> bool:
        """Whether the person may be told of it: not concerned, and not answering for it already."""
        return not self._tie(person) and person.pk != self.complaint.responsible_id

    def never_answered(self, person: Person) -> bool:
        """Whether the person may be the second one: who ever answered for it may not."""
        seat = self.parts.get(person.pk)
        return seat is None or seat.part != Part.HANDLER

    def _tie(self, person: Person) -> str:
        """Why the person is concerned, now or by the seat they were given; "" if they are not."""
        seat = self.parts.get(person.pk)
        return self.ties.get(person.pk) or (seat.tie if seat else "")


def candidates(complaint: Complaint, *, most: int = 30) -> list[Candidate]:
    """People of its department and its handler's, the heads above and the officers, with the reason against each."""
    asked = Candidates(complaint)
    handlers = complaint.responsible.department if complaint.responsible else None
    places = [place for place in dict.fromkeys((complaint.department, handlers)) if place is not None]
    grants = RoleGrant.objects.in_force().filter(person=OuterRef("pk"))
    officers = Exists(grants.filter(role=Role.COMPLAINTS_OFFICER))
    rows = Person.objects.filter(officers, is_active=True)
    if complaint.responsible_id is not None:
        rows |= Person.objects.filter(pk=complaint.responsible_id)
    for place in places:
        above = _upwards(place.path)
        heads = Exists(grants.filter(role=Role.DEPARTMENT_HEAD))
        rows |= Person.objects.filter(heads, is_active=True, department__path__in=above)
        managers = Exists(grants.filter(role__in=HANDLERS))
        rows |= Person.objects.filter(managers, is_active=True, department=place)
    found = list(with_roles(rows).order_by("name_pinyin", "id")[:most])
    return sorted(asked.judge(found), key=lambda one: bool(one.reason))


def handler_search(complaint: Complaint, *, viewer: Person, text: str, most: int = 20) -> list[Person]:
    """Who may answer for the complaint, by the beginning of name or employee number. Nobody else is offered."""
    holders = RoleGrant.objects.in_force().filter(person=OuterRef("pk"), role__in=HANDLERS)
    named = Q(name__startswith=text) | Q(employee_no__startswith=text)
    rows = can_log_in(with_roles(Person.objects.visible_to(viewer).filter(named, Exists(holders))))
    found = Candidates(complaint).judge(list(rows.order_by("name_pinyin", "id")[: 3 * most]))
    return [one.person for one in found if not one.reason][:most]


def ladder(complaint: Complaint, *, checks: bool = False) -> list[Person]:
    """Whom to tell, in order: the heads up the tree, the complaints officers, then the vice-presidents and above.

    Nobody concerned by any tie, nobody without a way in, not the responsible person. `checks`: as the second person,
    so nobody who ever answered for it.
    """
    asked = Candidates(complaint)
    place = complaint.responsible.department if complaint.responsible else complaint.department
    steps: list[Person] = []
    if place is not None:
        paths = _upwards(place.path)
        heads = list(_holders(Role.DEPARTMENT_HEAD).filter(department__path__in=paths))
        steps += sorted(heads, key=lambda person: (-len(person.department.path), person.pk))
    steps += list(_holders(Role.COMPLAINTS_OFFICER).order_by("pk"))
    approvers = roles_at_hand(list(_holders(Role.FINAL_APPROVER, level=SPECIAL_LEVEL)))
    steps += sorted(approvers, key=lambda person: (person.authority_level, person.pk))
    once = list({person.pk: person for person in steps}.values())
    free = [person for person in once if asked.is_free(person) and not is_under(person, asked.subjects)]
    return [person for person in free if not checks or asked.never_answered(person)]


def deciders(complaint: Complaint, claim: ComplaintClaim) -> list[Person]:
    """Who decides on a claim, the nearest above first: uninvolved, never answered for it, did not make it."""
    apart = (claim.claimed_by_id, claim.person_id)
    return [person for person in ladder(complaint, checks=True) if person.pk not in apart]


def claim_to_decide(complaint: Complaint, person: Person, *, pk: int | None = None) -> ComplaintClaim | None:
    """The claim that waits for this person's decision: the one of key `pk`, else the oldest that is theirs.

    The page, the API and the service choose by this alone, so that what is shown is what is decided.
    """
    waiting = complaint.claims.filter(is_confirmed=None).select_related("person", "claimed_by").order_by("id")
    rows = waiting if pk is None else waiting.filter(pk=pk)
    return next((claim for claim in rows if person in deciders(complaint, claim)), None)


def recheckers(complaint: Complaint) -> list[Person]:
    """Who answers a review of handling, the nearest above first: nobody who had any part in the complaint."""
    had = set(complaint.seats.values_list("person_id", flat=True))
    return [person for person in ladder(complaint, checks=True) if person.pk not in had]


def officer_for(complaint: Complaint) -> Person | None:
    """Who names the responsible person: a complaints officer that is free, else the first of the ladder."""
    steps = ladder(complaint)
    return next((person for person in steps if Role.COMPLAINTS_OFFICER in person.roles), steps[0] if steps else None)


def _holders(role: str, *, level: int = 0) -> QuerySet[Person]:
    grants = RoleGrant.objects.in_force().filter(role=role, authority_level__gte=level)
    return can_log_in(with_roles(Person.objects.filter(role_grants__in=grants)))


def _upwards(path: str) -> list[str]:
    """The paths of a department and of those above it: `0001.0010.` and `0001.`."""
    codes = path.rstrip(".").split(".")
    return [".".join(codes[:count]) + "." for count in range(len(codes), 0, -1)]
