"""Who is complained of: named by one person, confirmed or refused by a second, uninvolved one above; undone likewise.

Until the decision the named person is barred from acting and knows that the complaint exists. Where fewer than two are
left who may handle it, the next level and the auditors are told at once.
"""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import can_log_in
from staff.complaints.models import Complaint, ComplaintClaim, ComplaintSeat, Kind, Part, Tie
from staff.complaints.selectors.eligible import candidates, claim_to_decide, deciders, is_under
from staff.complaints.services import duties, recusal
from staff.complaints.services.held import begin_act, now_of, save, tell, text

What = ComplaintClaim.What
NAMED = "complaint.named_most"
# So many must be left who may handle a complaint, or somebody higher is told.
FEWEST = 2


@transaction.atomic
def complaint_concern(
    *, complaint: Complaint, person: Person, reason: str, expected_version: int | None, by: Person
) -> Complaint:
    """Name another person complained of. They act no more from now on; a second person decides whether it is so.

    If that is the responsible person, somebody else up the departments is told at once.
    """
    row = begin_act(complaint, by=by, action="concern", expected_version=expected_version)
    if row.seats.filter(person=person, tie__in=(Tie.SUBJECT, Tie.CLAIMED)).exists():
        raise Conflict(_("This person is already named as complained of."), code="same")
    answered = row.responsible_id
    name_people(row, [person], reason=text(reason, "reason"), by=by)
    save(row)
    if row.responsible is not None and is_under(row.responsible, [person]):
        recusal.take_away(row)
    if answered and row.responsible_id is None:
        duties.escalate(row, why="concerned")
    alarm_if_few(row, by=by)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def complaint_unconcern(
    *, complaint: Complaint, person: Person, reason: str, expected_version: int | None, by: Person
) -> Complaint:
    """Propose that somebody is no longer complained of; nothing changes until a second person confirms it."""
    row = begin_act(complaint, by=by, action="unconcern", expected_version=expected_version)
    if not row.seats.filter(person=person, tie=Tie.SUBJECT).exists():
        raise RuleRefused(_("This person is not complained of."), field="person", code="not_named")
    claim = _claim(row, person, What.UNDO, reason=text(reason, "reason"), by=by)
    tell(row, Kind.UNDO_CLAIMED, by=by, evidence=[claim], person=person.pk)
    save(row)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def claim_decide(
    *,
    complaint: Complaint,
    confirms: bool,
    opinion: str,
    expected_version: int | None,
    by: Person,
    claim: int | None = None,
) -> ComplaintClaim:
    """The second person's word on a claim: `claim` by its key, or the oldest that is theirs to decide.

    Confirmed, the complaint is closed to whoever is complained of, and their relatives are barred. Refused, or undone,
    the person has the part again that they had before.
    """
    row = begin_act(complaint, by=by, action="decide_claim", expected_version=expected_version)
    waiting = row.claims.filter(is_confirmed=None)
    if not (waiting if claim is None else waiting.filter(pk=claim)).exists():
        raise Conflict(_("No claim is waiting for a decision."), code="none")
    found = claim_to_decide(row, by, pk=claim)
    if found is None:
        raise NotPermitted(_("This claim is decided by somebody above who is not involved and did not make it."))
    found.decided_by, found.decided_at = by, now_of(row)
    found.is_confirmed, found.opinion = confirms, text(opinion, "opinion")
    found.save(update_fields=["decided_by", "decided_at", "is_confirmed", "opinion"])
    _carry_out(row, found)
    kind = Kind.CLAIM_REFUSED if not confirms else Kind.UNDONE if found.what == What.UNDO else Kind.CONCERNED
    tell(row, kind, by=by, text=found.opinion, evidence=[found], person=found.person_id)
    save(row)
    duties.look_again(row, by=by)
    if confirms and found.what != What.UNDO:
        alarm_if_few(row, by=found.claimed_by)
    duties.follow(row, by=by)
    return found


def name_people(row: Complaint, people: Sequence[Person], *, reason: str, by: Person) -> None:
    """Claim that `people` are complained of and bar them from acting; at most `complaint.named_most` in all.

    BadInput for too many or one twice; RuleRefused where nobody would be left to decide. `row` is locked or new.
    """
    most = parameters.value(NAMED).value
    if len({person.pk for person in people}) < len(people):
        raise BadInput(_("Name each person once."), field="subjects", code="twice")
    named = row.seats.filter(tie__in=(Tie.SUBJECT, Tie.CLAIMED)).count()
    if named + len(people) > most:
        raise BadInput(
            _("At most %(most)d people can be named in one complaint.") % {"most": most}, field="subjects", code="many"
        )
    for person in people:
        _bar(row, person)
        claim = _claim(row, person, What.SUBJECT, reason=reason, by=by)
        tell(row, Kind.CLAIMED, by=by, evidence=[claim], person=person.pk)
    recusal.refresh(row, at=now_of(row))
    for claim in row.claims.filter(is_confirmed=None, what=What.SUBJECT):
        if not deciders(row, claim):
            raise RuleRefused(
                _("Nobody uninvolved would be left to confirm this. Leave the person out and describe the facts."),
                field="subjects",
                code="no_second",
            )


def alarm_if_few(row: Complaint, *, by: Person) -> None:
    """Tell the next level and the auditors where fewer than FEWEST are left who may handle it; `by` made the claim."""
    able = sum(not one.reason for one in candidates(row))
    if able >= FEWEST or not row.is_open:
        return
    record("complaint.few_left", subject=row, by=SYSTEM, data={"able": able})
    told = duties.escalate(row, why="few", without=by)
    auditors = Person.objects.filter(role_grants__in=duties.grants_of(Role.AUDITOR))
    for auditor in can_log_in(auditors.distinct()).exclude(pk__in=[by.pk, told.pk if told else 0]).order_by("pk"):
        notify(
            recipient=auditor,
            kind=duties.NOTICE,
            subject=row,
            url=reverse("staff:complaint_detail", args=[row.pk]),
            data={"number": row.number, "why": "few", "due_on": str(row.due_on)},
            due_at=now_of(row),
            is_escalation=True,
            by=SYSTEM,
        )


def _bar(row: Complaint, person: Person) -> None:
    """Seat the person without a voice; who answers for it does so no more."""
    seat = ComplaintSeat.objects.filter(complaint=row, person=person).first()
    if seat is None:
        ComplaintSeat.objects.create(
            complaint=row, person=person, part=Part.CONCERNED, tie=Tie.CLAIMED, since=now_of(row)
        )
        return
    if row.responsible_id == person.pk and row.is_open:
        recusal.take_away(row)
    acts = seat.part != Part.CONCERNED and seat.barred_at is None
    # A relative, who sees nothing of it already, is not shown it for being named too.
    tie = seat.tie if seat.tie == Tie.RELATIVE else Tie.CLAIMED
    ComplaintSeat.objects.filter(pk=seat.pk).update(tie=tie, **({"barred_at": now_of(row)} if acts else {}))


def _claim(row: Complaint, person: Person, what: str, *, reason: str, by: Person) -> ComplaintClaim:
    if row.claims.filter(person=person, is_confirmed=None).exists():
        raise Conflict(_("A claim about this person is already waiting for a decision."), code="pending")
    return ComplaintClaim.objects.create(
        complaint=row, person=person, what=what, reason=reason, claimed_by=by, claimed_at=now_of(row)
    )


def _carry_out(row: Complaint, claim: ComplaintClaim) -> None:
    """What a decision does to seats; ties that remain for another reason are found again by the caller."""
    seat = ComplaintSeat.objects.filter(complaint=row, person=claim.person).first()
    if claim.what == What.SUBJECT and claim.is_confirmed:
        ComplaintSeat.objects.filter(complaint=row, person=claim.person).update(tie=Tie.SUBJECT)
        return
    if seat is None:
        return
    if claim.what == What.UNDO:
        if not claim.is_confirmed:
            return
        recusal.lift(seat)
        # Relatives were barred for this person's sake alone.
        ties = recusal.ties_of(row)
        for other in row.seats.filter(tie__in=(Tie.RELATIVE, Tie.NAMED)):
            if other.person_id not in ties:
                recusal.lift(other)
    elif not claim.is_confirmed and seat.tie == (Tie.CLAIMED if claim.what == What.SUBJECT else Tie.NAMED):
        recusal.lift(seat)
