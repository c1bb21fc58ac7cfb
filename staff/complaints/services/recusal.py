"""Who may have no part in a complaint: those complained of, their relatives, and whoever decided on the deal.

Ties are worked out again under the complaint's lock at every act, so a declaration or a decision of yesterday counts.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.access.errors import RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from staff.complaints.models import (
    DECLARED,
    Complaint,
    ComplaintClaim,
    ComplaintSeat,
    DeclaredRelation,
    Part,
    Status,
    Tie,
)
from staff.complaints.policies import CONCERNED
from staff.complaints.selectors.ties import ties_of


def refresh(row: Complaint, *, at: datetime) -> list[int]:
    """Seat everybody concerned; whoever had acted keeps the part without a voice. The people concerned since now.

    `row` is locked by the caller, whose save raises its version. If the responsible person is among them, nobody
    answers until a new one is named; of a complaint that was replied to it stays on record who answered.
    """
    ties = ties_of(row)
    seats = {seat.person_id: seat for seat in row.seats.all()}
    since = []
    _ask_about_relatives(row, {person for person, tie in ties.items() if tie == Tie.NAMED}, at=at)
    for person_id, tie in ties.items():
        seat = seats.get(person_id)
        if seat is None:
            ComplaintSeat.objects.create(complaint=row, person_id=person_id, part=Part.CONCERNED, tie=tie, since=at)
            since.append(person_id)
        elif seat.part != Part.CONCERNED and seat.barred_at is None:
            since.append(person_id)
            if row.responsible_id == person_id and row.is_open:
                take_away(row)
            seat.barred_at, seat.tie = at, tie
            seat.save(update_fields=["barred_at", "tie"])
        elif seat.tie != tie and _stronger(tie, seat.tie):
            ComplaintSeat.objects.filter(pk=seat.pk).update(tie=tie)
    if row.escalated_to_id in ties:
        row.escalated_to = None
        row.save(update_fields=["escalated_to"])
    if hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache.pop("seats", None)
    return since


def _ask_about_relatives(row: Complaint, named: set[int], *, at: datetime) -> None:
    """Colleagues whom a person complained of declared: a claim about each, which a second person decides."""
    named -= set(row.claims.filter(person__in=named).values_list("person_id", flat=True)) if named else set()
    if not named:
        return
    subjects = row.seats.filter(tie=Tie.SUBJECT).values("person")
    words = DeclaredRelation.objects.filter(person__in=subjects, related_person__in=named, ended_on=None).order_by(
        "-id"
    )
    declarers = dict(words.values_list("related_person_id", "person_id"))
    for person_id in sorted(named & declarers.keys()):
        claim = ComplaintClaim.objects.create(
            complaint=row,
            person_id=person_id,
            what=ComplaintClaim.What.RELATIVE,
            reason=DECLARED,
            claimed_by_id=declarers[person_id],
            claimed_at=at,
        )
        record("complaint.relative_claimed", subject=row, by=SYSTEM, evidence=[claim])


def lift(seat: ComplaintSeat) -> None:
    """Give the person the part again that they had, or none (a decided claim says so: migration 0032)."""
    if seat.part == Part.CONCERNED:
        seat.delete()
    else:
        seat.tie, seat.barred_at = Tie.NONE, None
        seat.save(update_fields=["tie", "barred_at"])


def _stronger(tie: str, than: str) -> bool:
    """Whether `tie` hides more than the one a seat has."""
    order = list(Tie.values)
    return order.index(tie) < order.index(than)


def take_away(row: Complaint) -> None:
    """Nobody answers for it now: back to the investigation, until somebody is named. The version is the caller's."""
    row.responsible = None
    if row.status in (Status.REVIEW, Status.TO_REPLY):
        row.status = Status.INVESTIGATING
    row.save(update_fields=["responsible", "status"])


def take_seat(row: Complaint, person: Person, part: Part, *, field: str = "") -> None:
    """Give the person their one part; RuleRefused, with the reason, for whoever is concerned or has another part."""
    seat = ComplaintSeat.objects.filter(complaint=row, person=person).first()
    if seat is None:
        try:
            with transaction.atomic():
                ComplaintSeat.objects.create(complaint=row, person=person, part=part)
        except IntegrityError:
            seat = ComplaintSeat.objects.get(complaint=row, person=person)
        else:
            return
    if seat.tie:
        raise RuleRefused(CONCERNED[seat.tie], field=field, code="concerned")
    if seat.part != part:
        words = {"person": person.name, "part": seat.get_part_display()}
        raise RuleRefused(
            _("%(person)s already has a role in this complaint: %(part)s.") % words, field=field, code="one_part"
        )
