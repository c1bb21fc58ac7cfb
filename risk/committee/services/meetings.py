"""Meetings: convened by a secretary, cases put on the agenda and taken off it, closed with minutes that stay."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.access.checks import get_visible, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from risk.committee.locks import act_once, lock_hearing
from risk.committee.members import list_members
from risk.committee.minutes import hash_minutes, write_minutes
from risk.committee.models import AgendaItem, Meeting
from risk.committee.rules.voting import Rules, has_seats
from risk.committee.workflow import SITTING
from risk.reviews.models import ReviewCase, ReviewRound, Stage
from risk.reviews.services.locks import lock_case
from risk.reviews.services.moves import give_seat

RULES = "committee.rules"
LEAST = 5
OPEN = (AgendaItem.Status.LISTED, AgendaItem.Status.VOTING)


@act_once
def meeting_convene(*, held_on: date, place: str, by: Person) -> Meeting:
    """Convene a meeting; its secretary is who convenes it. 403 but for a secretary, 400 for a day that has passed, 422
    while the committee has too few members in office.
    """
    require(by, "create", Meeting)
    given = checked(Meeting, {"held_on": held_on, "place": place})
    if given["held_on"] < clock.today():
        raise BadInput(_("This day has passed."), field="held_on")
    refuse_too_few(len(list_members()))
    number = _next_number(clock.today().year)
    meeting = Meeting.objects.create(number=number, secretary=by, convened_at=clock.now(), **given)
    record("meeting.convened", subject=meeting, by=by, data={"held_on": meeting.held_on})
    return meeting


def refuse_too_few(seats: int) -> Rules:
    """The rules of today; RuleRefused while fewer members are in office than they ask for."""
    rules = Rules.of(parameters.value(RULES).value)
    if not has_seats(seats, rules):
        raise RuleRefused(
            _("The committee has %(count)d members in office; it needs at least %(least)d.")
            % {"count": seats, "least": rules.fewest_seats},
            field="members",
            code="too_few_members",
        )
    return rules


def _next_number(year: int) -> str:
    """`DSH-2026-001`; the unique number refuses the second of two that count at one moment."""
    last = Meeting.objects.filter(number__startswith=f"DSH-{year}-").order_by("-number").first()
    return f"DSH-{year}-{int(last.number[-3:]) + 1 if last else 1:03d}"


@act_once
def hearing_list(*, meeting: Meeting, case: ReviewCase, expected_version: int | None, by: Person) -> AgendaItem:
    """Put a case that waits for the committee on the agenda. 404 for a case the secretary does not see, 409 unless it
    waits there and stands on no agenda, or while the secretary has another part in it. The account manager presents it.
    """
    require(by, "keep", get_visible(Meeting, by, pk=meeting.pk))
    held = lock_case("vote", case, by)
    sitting = transition(SITTING, "list", meeting, by=by, expected_version=expected_version)
    row = held.case
    if row.stage != Stage.COMMITTEE:
        raise Conflict(_("This case does not wait for the credit committee."), code="not_at_committee")
    _forget_stale(row)
    give_seat(held, by, Stage.COMMITTEE, declared_at=None)
    heard = AgendaItem.objects.filter(case=row, result=AgendaItem.Result.RECONSIDER).count()
    dossier = ReviewRound.objects.only("dossier_sha256").get(case=row, number=row.round)
    item = AgendaItem.objects.create(
        meeting=sitting.row,
        case=row,
        round=row.round,
        dossier_sha256=dossier.dossier_sha256,
        hearing=heard + 1,
        presenter=row.project.client.owner,
    )
    sitting.write()
    sitting.record(subject=item, data={"meeting": sitting.row.pk, "case": row.pk, "round": row.round})
    return item


def _forget_stale(case: ReviewCase) -> None:
    """A hearing of an earlier round, left open when the makers took the case back, is off the agenda."""
    for older in AgendaItem.objects.select_for_update().filter(case=case, status__in=OPEN, round__lt=case.round):
        older.status, older.version = AgendaItem.Status.REMOVED, older.version + 1
        older.save(update_fields=["status", "version"])


@act_once
def hearing_remove(*, item: AgendaItem, reason: str, expected_version: int | None, by: Person) -> AgendaItem:
    """Take a hearing off the agenda: before its ballot, or once recusals have broken the quorum of an open one, or the
    case was taken back. 409 while an open ballot can still be decided.
    """
    held = lock_hearing("remove", item, expected_version=expected_version, by=by)
    if not isinstance(reason, str) or len(reason.strip()) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    row = held.row
    if row.status == AgendaItem.Status.VOTING and held.is_at_committee and held.has_quorum:
        raise Conflict(_("The ballot is open and can be decided: it is not broken off."), code="ballot_open")
    held.move.write()
    held.move.record(reason=reason.strip(), data={"case": row.case_id})
    return row


@transaction.atomic
def meeting_close(*, meeting: Meeting, expected_version: int | None, by: Person) -> Meeting:
    """Close the meeting and write its minutes, with their hash. 422 while a hearing is still to be decided."""
    sitting = transition(SITTING, "close", meeting, by=by, expected_version=expected_version)
    row = sitting.row
    left = AgendaItem.objects.filter(meeting=row, status__in=OPEN).select_related("case").order_by("pk")
    numbers = [item.case.number for item in left]
    if numbers:
        raise RuleRefused(
            _("Not decided yet: %(cases)s. Decide them or take them off the agenda.") % {"cases": listed(numbers)},
            field="items",
            code="hearings_open",
        )
    text = write_minutes(row)
    sitting.write(closed_at=clock.now(), minutes=text, minutes_sha256=hash_minutes(text))
    sitting.record(data={"minutes_sha256": row.minutes_sha256}, evidence=(row,))
    return row
