"""The alarms of missing meetings, set-based: level, event and to-do of every period that is behind; and their end."""

from typing import Any

from django.db import connection, transaction

from clients.relations.models import Interaction
from crm.kernel.access.errors import NotPermitted
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record_set
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_close_set, todo_open_set
from projects.series.models import SeriesPeriod
from projects.series.selectors import with_kept

DUE_TODO, MISSED_TODO = "series.meeting_due", "series.meeting_missed"
LABEL = SeriesPeriod._meta.label_lower
RHYTHMS = "series.rhythms"
CHUNK = 2_000

# A meeting that was held within its period; of a dialogue, with one of ours besides the account manager who must be
# there. `selectors.with_kept` says the same of single rows.
KEPT = """
EXISTS (SELECT FROM clients_interaction AS talk
    WHERE talk.id = period.appointment_id AND talk.state = 'held'
        AND (talk.starts_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN period.first_on AND period.last_on
        AND (series.kind NOT IN ('quarterly', 'half_yearly') OR EXISTS (
            SELECT FROM clients_participant AS present
            JOIN projects_seriesmember AS member
                ON member.person_id = present.person_id AND member.series_id = series.id
            WHERE present.interaction_id = talk.id AND present.person_id <> client.owner_id)))
"""
FROM = """
FROM projects_seriesperiod AS period
JOIN projects_series AS series ON series.id = period.series_id
JOIN clients_client AS client ON client.id = series.client_id
WHERE period.id > %(low)s AND period.id <= %(high)s AND period.explained_at IS NULL AND series.ended_on IS NULL
    AND (period.level <> '' OR period.last_on >= %(as_of)s::date - 400)
"""
# A week without a working day has no meeting to miss.
JUDGED = f"""
SELECT period.id, period.level AS former,
    CASE WHEN period.meet_on IS NULL OR {KEPT} THEN ''
        WHEN period.red_on <= %(as_of)s::date THEN 'red'
        WHEN period.amber_on <= %(as_of)s::date THEN 'amber' ELSE '' END AS level
{FROM}
"""
WRITE = f"""
WITH judged AS ({JUDGED}),
put AS (
    UPDATE projects_seriesperiod AS period SET level = judged.level FROM judged
    WHERE judged.id = period.id AND judged.level <> judged.former
    RETURNING period.id, period.level
)
SELECT coalesce(array_agg(id), '{{}}'), count(*) FILTER (WHERE level = 'amber'), count(*) FILTER (WHERE level = 'red')
FROM put
"""  # noqa: S608
EVENTS = """
SELECT CASE WHEN period.level = '' THEN 'series.meeting_made_up' ELSE 'series.meeting_missing' END AS action,
    series.id::text AS subject_id, '' AS subject_name,
    jsonb_build_object('client', series.client_id, 'period', period.first_on) AS data,
    NULL::jsonb AS before, jsonb_build_object('level', period.level) AS after
FROM projects_seriesperiod AS period JOIN projects_series AS series ON series.id = period.series_id
WHERE period.id = ANY(%(changed)s)
"""
# A to-do that is open keeps its day: the night does not put off what it asked for.
OPEN = f"""
SELECT period.id::text AS object_id, client.owner_id,
    coalesce(
        (SELECT todo.due_on FROM kernel_todo AS todo WHERE todo.kind = %(kind)s AND todo.done_at IS NULL
            AND todo.object_type = '{LABEL}' AND todo.object_id = period.id::text),
        CASE WHEN period.level = 'amber' THEN period.last_on ELSE %(todo_due)s::date END) AS due_on,
    '/projects/series/' || series.id || '/' AS url,
    jsonb_build_object('client', client.name, 'what', series.title, 'from', period.first_on,
        'until', period.last_on) AS data
{FROM} AND period.level = %(level)s
"""  # noqa: S608
DONE = f"""
SELECT period.id::text AS object_id {FROM} AND period.level <> %(level)s
"""


def series_alarm(*, by: Viewer, chunk: int = CHUNK) -> dict[str, int]:
    """Bring the level of every period up to today, chunk by chunk; each missing meeting is one to-do of the client's
    account manager. Twice on one day it changes nothing. NotPermitted: a job does this. Counts of what changed.
    """
    if not by.is_system:
        raise NotPermitted
    counts = {"amber": 0, "red": 0, "closed": 0}
    low, last = 0, SeriesPeriod.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    while low < last:
        keys = SeriesPeriod.objects.filter(pk__gt=low).order_by("pk").values_list("pk", flat=True)
        high = next(iter(keys[chunk - 1 : chunk]), last)
        for name, number in _alarm_range(low, high, by=by).items():
            counts[name] += number
        low = high
    return counts


@transaction.atomic
def _alarm_range(low: int, high: int, *, by: Viewer) -> dict[str, int]:
    today = clock.today()
    days = parameters.value(RHYTHMS).value["explain_workdays"]
    given: dict[str, Any] = {"low": low, "high": high, "as_of": today, "todo_due": add_workdays(today, days).date}
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)
        changed, amber, red = cursor.fetchone()
    if changed:
        record_set(EVENTS, {"changed": changed}, subject_type="projects.series", by=by)
    closed = 0
    for kind, level in ((DUE_TODO, "amber"), (MISSED_TODO, "red")):
        told: dict[str, Any] = {"kind": kind, "object_type": LABEL, "by": by}
        told["parameters"] = {**given, "level": level, "kind": kind}
        closed += todo_close_set(rows=DONE, outcome="held", **told)
        todo_open_set(rows=OPEN, **told)
    return {"amber": amber, "red": red, "closed": closed}


def period_settle(interaction: Interaction, by: Viewer) -> None:
    """A meeting changed: once it is held as its series asks, nothing alarms about its period any more."""
    period = with_kept(SeriesPeriod.objects.filter(appointment=interaction.pk)).first()
    if period is None or not period.is_kept or not period.level:
        return
    SeriesPeriod.objects.filter(pk=period.pk).update(level="")
    close_todos(period, outcome="held", by=by)


def close_todos(period: SeriesPeriod, *, outcome: str, by: Viewer) -> None:
    """Nobody has anything left to do about a period."""
    for kind in (DUE_TODO, MISSED_TODO):
        todo_close(kind=kind, subject=period, outcome=outcome, by=by)
