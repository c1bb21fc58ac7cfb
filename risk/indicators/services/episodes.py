"""What people do with a warning: who keeps the client answers, a second person closes."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from clients.standing.models import Standing
from clients.standing.services import standing_record
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from risk.indicators.models import WarningEpisode, WarningObservation
from risk.indicators.services import keepers, todos
from risk.indicators.workflow import WARNING

LEAST = 5


@transaction.atomic
def warning_respond(
    *, warning: WarningEpisode, response: str, expected_version: int | None, by: Person
) -> WarningEpisode:
    """Say what was found and done. By the client's account manager or a co-manager; the deadline stops.

    Conflict once it is answered or closed; Stale, PreconditionRequired by the version; BadInput for too short a text.
    """
    held = transition(WARNING, "respond", warning, by=by, expected_version=expected_version)
    row = held.row
    text = _text("response", response)
    if row.responded_at is not None:
        raise Conflict(_("This warning already has a response."), code="answered")
    # It is answered for by who keeps the client now; what was missed was missed by who had it.
    found_late = keepers.catch_up(row) or row.escalated_on is not None
    kept = clock.today() <= row.due_on
    held.write("owner", responded_by=by, responded_at=clock.now(), response=text)
    # What was back to normal by then has no deadline to miss.
    decided = "" if found_late or row.recovered_on is not None else WarningObservation.Deadline.MISSED
    decided = WarningObservation.Deadline.KEPT if kept else decided
    _note(row, WarningObservation.Kind.RESPONDED, text, by, deadline=decided)
    todos.answered(row, by=by)
    held.record(data={"client": row.client_id}, after={"response": text})
    return row


@transaction.atomic
def warning_close(*, warning: WarningEpisode, closing: str, expected_version: int | None, by: Person) -> WarningEpisode:
    """Close a warning that was answered, or whose indicator is back to normal. By a second person with a reason.

    A warning closed while still bad stays quiet for `indicator.quiet_days` unless its facts change or it gets worse;
    then a new one opens. RuleRefused before there is an answer; Conflict once it is closed.
    """
    held = transition(WARNING, "close", warning, by=by, expected_version=expected_version)
    row = held.row
    text = _text("closing", closing)
    if row.responded_at is None and row.recovered_on is None:
        raise RuleRefused(_("This warning has no response yet and cannot be closed."), code="unanswered")
    held.write(closed_by=by, closed_at=clock.now(), closed_on=clock.today(), closing=text)
    _note(row, WarningObservation.Kind.CLOSED, text, by)
    todos.closed(row, by=by)
    held.record(data={"client": row.client_id}, after={"closing": text})
    _tell_standing(row, by)
    return row


def _note(row: WarningEpisode, kind: str, text: str, by: Person, *, deadline: str = "") -> None:
    WarningObservation.objects.create(
        warning=row,
        kind=kind,
        on=clock.today(),
        level=row.level,
        value=row.value,
        evidence=row.evidence,
        by=by,
        note=text,
        owner_id=row.owner_id,
        due_on=row.due_on,
        deadline=deadline,
    )


def _text(name: str, value: str) -> str:
    """What was typed, in shape and not too short."""
    clean = str(checked(WarningEpisode, {name: value}, allowed=(name,))[name])
    if len(clean) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field=name)
    return clean


def _tell_standing(row: WarningEpisode, by: Person) -> None:
    """How many warnings are left open becomes readable below. Counted under the lock of the client's standing: of two
    who close at one moment the second counts what the first left.
    """
    Standing.objects.select_for_update().filter(client=row.client_id).first()
    left: dict[str, Any] = WarningEpisode.objects.filter(client=row.client_id, closed_on__isnull=True).aggregate(
        open_ambers=Count("pk", filter=Q(level="amber")), open_reds=Count("pk", filter=Q(level="red"))
    )
    standing_record(client=row.client, values=left, source=f"warning:{row.pk}", as_of=clock.today(), by=by)
