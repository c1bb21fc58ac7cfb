"""Between two nights, warnings and what they ask follow their client to who keeps it now."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q

from crm.kernel.access.errors import NotPermitted
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.services import record, record_set
from crm.kernel.workdays import clock
from risk.indicators import catalogue
from risk.indicators.models import WarningEpisode, WarningObservation
from risk.indicators.selectors import late
from risk.indicators.services import statements, todos
from risk.indicators.services.night import parameters

MOST = 5_000


@transaction.atomic
def keepers_follow(*, by: Viewer) -> int:
    """Give open warnings to who keeps their client now, and the answers to who can give them. How many changed hands.

    A deadline that has passed and that no night has found yet stays with whoever missed it: the warning follows in that
    night, its to-do now. What waits for a keeper who left or was shut out waits for the head above. As many queries for
    a thousand as for one.
    """
    if not by.is_system:
        raise NotPermitted
    return len(_moved(by) | todos.reach(by=by))


def _moved(by: Viewer) -> set[int]:
    """The warnings that were moved. Those that somebody holds are left for the next time."""
    today = clock.today()
    behind = WarningEpisode.objects.filter(~Q(owner=F("client__owner")), closed_on=None)
    found = behind.exclude(late(today), escalated_on=None).annotate(keeper=F("client__owner")).order_by("pk")
    rows: list[Any] = list(found.select_for_update(of=("self",), skip_locked=True)[:MOST])
    if not rows:
        return set()
    for row in rows:
        row.owner_id, row.version = row.keeper, row.version + 1
    WarningEpisode.objects.bulk_update(rows, ["owner", "version"])
    noted = WarningObservation.objects.bulk_create(_handed_over(row) for row in rows)
    given = {"noted": [one.pk for one in noted], "as_of": today}
    record_set(statements.EVENTS_OF_KEYS, given, subject_type=todos.LABEL, by=by)
    due = parameters(catalogue.in_force(today), today)["due"]
    todos.handed_over({**given, "due": due}, by=by)
    return {row.pk for row in rows}


def catch_up(row: WarningEpisode) -> bool:
    """Give one warning, held and saved by the caller, to who keeps its client now. Whether whoever had it until then
    missed the deadline: that is noted with it.
    """
    former, keeper = row.owner_id, row.client.owner_id
    if former == keeper:
        return False
    was_missed = row.awaits_answer and row.escalated_on is None and row.due_on < clock.today()
    row.owner_id = keeper
    seen = _handed_over(row)
    if was_missed:
        seen.owner_id, seen.deadline = former, WarningObservation.Deadline.MISSED
    seen.save(force_insert=True)
    change: dict[str, Any] = {"before": {"owner": former}, "after": {"owner": keeper}}
    record("warning.handed_over", subject=row, by=SYSTEM, data={"client": row.client_id}, **change)
    return was_missed


def _handed_over(row: WarningEpisode) -> WarningObservation:
    return WarningObservation(
        warning=row,
        kind=WarningObservation.Kind.HANDED_OVER,
        on=clock.today(),
        level=row.level,
        value=row.value,
        evidence=row.evidence,
        owner_id=row.owner_id,
        due_on=row.due_on,
    )
