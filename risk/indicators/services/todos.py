"""The to-dos of warnings: who keeps the client has to answer, a second person to close."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_close_set, todo_open, todo_open_set
from risk.indicators.catalogue import CODE_OF
from risk.indicators.models import WarningEpisode
from risk.indicators.services.statements import CLOSER, HEADS, KEYED, NOTED

ANSWER, CLOSE = "risk.warning_answer", "risk.warning_close"
LABEL = WarningEpisode._meta.label_lower
# After which changes of a chunk a to-do is looked at. What it then says follows from the warning as it is now, so a
# change of the keeper beside another one is not lost.
ASKS = ("opened", "raised", "relapsed", "lowered", "changed", "handed_over")
ENDS = ("recovered", "lowered", "changed", "handed_over")
AGAIN = ("raised", "relapsed")
KEPT = "JOIN clients_client AS client ON client.id = warning.client_id"
PLACED = f"{KEPT} JOIN kernel_department AS place ON place.id = client.department_id"
ABOUT = """'/warnings/' || warning.id || '/' AS url,
    jsonb_build_object('indicator', warning.indicator, 'level', warning.level, 'client', client.name) AS data
"""
ASKED = "warning.closed_on IS NULL AND warning.responded_at IS NULL AND warning.recovered_on IS NULL"
WANTED = f"""
SELECT warning.id::text AS object_id, warning.owner_id, warning.due_on, {ABOUT}
{NOTED.replace("WHERE", f"{KEPT} WHERE")}
    AND {ASKED}
"""


def _closable(noted: str) -> str:
    """What a second person has to close of what was noted. One that is open already keeps its day."""
    return f"""
SELECT * FROM (
    SELECT warning.id::text AS object_id, ({CLOSER}) AS owner_id,
        coalesce(
            (SELECT todo.due_on FROM kernel_todo AS todo
             WHERE todo.kind = '{CLOSE}' AND todo.object_type = '{LABEL}' AND todo.object_id = warning.id::text
                AND todo.done_at IS NULL),
            (%(due)s::jsonb -> warning.indicator -> warning.level ->> 'date')::date) AS due_on, {ABOUT}
    {noted.replace("WHERE", f"{PLACED} WHERE")}
        AND warning.closed_on IS NULL AND (warning.responded_at IS NOT NULL OR warning.recovered_on IS NOT NULL)
) AS ready WHERE owner_id IS NOT NULL
"""  # noqa: S608 - our own SQL


CLOSABLE, CLOSABLE_OF_KEYS = _closable(NOTED), _closable(KEYED)
# Whom an answer is asked of: who keeps the client; the nearest head above where nobody would read it there.
REACHES = """
    EXISTS (SELECT FROM kernel_account AS account WHERE account.person_id = {person}.id AND account.is_active)
"""
REACHED = f"""
    CASE WHEN EXISTS (
        SELECT FROM kernel_person AS keeper WHERE keeper.id = client.owner_id AND keeper.is_active
            AND {REACHES.format(person="keeper")})
    THEN client.owner_id
    ELSE coalesce(
        (SELECT head.id FROM ({HEADS}) AS head
         WHERE place.path LIKE head.path || '%%' AND head.id <> client.owner_id AND {REACHES.format(person="head")}
         ORDER BY length(head.path) DESC, head.id LIMIT 1), client.owner_id) END
"""  # noqa: S608
UNREACHED = f"""
SELECT warning.id FROM risk_warningepisode AS warning {PLACED}
JOIN kernel_todo AS todo ON todo.kind = '{ANSWER}' AND todo.object_type = '{LABEL}'
    AND todo.object_id = warning.id::text AND todo.done_at IS NULL
WHERE {ASKED} AND todo.owner_id <> {REACHED}
ORDER BY warning.id FOR UPDATE OF warning SKIP LOCKED
"""  # noqa: S608
REACHABLE = f"""
SELECT warning.id::text AS object_id, {REACHED} AS owner_id, warning.due_on, {ABOUT}
FROM risk_warningepisode AS warning {PLACED} WHERE warning.id = ANY(%(warnings)s) AND {ASKED}
"""  # noqa: S608
ONE_CLOSER = f"SELECT ({CLOSER}) FROM risk_warningepisode AS warning {PLACED} WHERE warning.id = %(warning)s"  # noqa: S608
OF_KINDS = "SELECT warning.id::text AS object_id" + NOTED + " AND noted.kind = ANY(%(kinds)s)"


def follow(noted: Mapping[str, Any], kinds: Collection[str], *, by: Viewer) -> None:
    """Open and close the to-dos of keepers and closers after what a chunk of the night noted, by kinds of change.

    Set-based. `noted` says besides the rows as of which day they were judged, and the deadlines (`due`).
    """
    found = set(kinds)
    answer, close = (dict[str, Any](kind=kind, object_type=LABEL, by=by) for kind in (ANSWER, CLOSE))
    if found.intersection(ASKS):
        todo_open_set(rows=WANTED, parameters=noted, **answer)
    if "recovered" in found:
        todo_close_set(rows=OF_KINDS, parameters={**noted, "kinds": ["recovered"]}, outcome="recovered", **answer)
    if found.intersection(AGAIN):
        todo_close_set(rows=OF_KINDS, parameters={**noted, "kinds": list(AGAIN)}, outcome="bad_again", **close)
    if found.intersection(ENDS):
        todo_open_set(rows=CLOSABLE, parameters=noted, **close)


def handed_over(noted: Mapping[str, Any], *, by: Viewer) -> None:
    """Whoever keeps the client now does not close its warnings as well: another second person is asked."""
    todo_open_set(kind=CLOSE, object_type=LABEL, rows=CLOSABLE_OF_KEYS, parameters=noted, by=by)


def reach(*, by: Viewer) -> set[int]:
    """Ask the open answers of who can give them now; of which warnings that was somebody else."""
    given: dict[str, Any] = {"as_of": clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(UNREACHED, given)
        keys = [key for (key,) in cursor.fetchall()]
    if keys:
        given["warnings"] = keys
        todo_open_set(kind=ANSWER, object_type=LABEL, rows=REACHABLE, parameters=given, by=by)
    return set(keys)


def answered(warning: WarningEpisode, *, by: Viewer) -> None:
    """The keeper's to-do is done; a second person has to close. Where nobody may, there is nobody to ask."""
    todo_close(kind=ANSWER, subject=warning, outcome="answered", by=by)
    with connection.cursor() as cursor:
        cursor.execute(ONE_CLOSER, {"warning": warning.pk, "as_of": clock.today()})
        closer = Person.objects.filter(pk=cursor.fetchone()[0]).first()
    if closer is None:
        return
    days = parameters.value(CODE_OF[warning.indicator]).value["respond_workdays"][warning.level]
    todo_open(
        kind=CLOSE,
        subject=warning,
        owner=closer,
        due_on=add_workdays(clock.today(), days).date,
        url=warning.get_absolute_url(),
        data=_words(warning.indicator, warning.level, warning.client.name),
        by=by,
    )


def redated(warning: WarningEpisode, *, by: Viewer) -> None:
    """The keeper's to-do and what reminds of it follow the deadline."""
    todo_open(
        kind=ANSWER,
        subject=warning,
        owner=warning.owner,
        due_on=warning.due_on,
        url=warning.get_absolute_url(),
        data=_words(warning.indicator, warning.level, warning.client.name),
        by=by,
    )


def closed(warning: WarningEpisode, *, by: Viewer) -> None:
    """Nobody has anything left to do about it."""
    for kind in (ANSWER, CLOSE):
        todo_close(kind=kind, subject=warning, outcome="closed", by=by)


def _words(indicator: str, level: str, client: str) -> dict[str, str]:
    return {"indicator": indicator, "level": level, "client": client}
