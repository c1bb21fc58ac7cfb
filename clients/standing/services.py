"""The one way into a client's standing. Upper apps call it inside the act that made the value true."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction

from clients.file.models import Client
from clients.standing.models import Standing, StandingFact
from crm.kernel.access.errors import BadInput, NotPermitted
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.audit.values import plain
from crm.kernel.workdays import clock

# Which day and source columns a value shares: a grade and its end are one statement.
GROUPS = {
    "grade": ("grade", "grade_until"),
    "exposure": ("exposure",),
    "limit": ("limit", "limit_until"),
    "warnings": ("open_ambers", "open_reds"),
}
# Told to whoever follows a client's figures: the grade or the confirmed statements are other ones now.
FIGURES_CHANGED = "client.figures_changed"
# Counted under the lock of the standing: the last count holds, whichever day it is told as of.
COUNTED = frozenset({"warnings"})


def standing_record(*, client: Client, values: Mapping[str, Any], source: str, as_of: date, by: Viewer) -> Standing:
    """Tell `values` (grade with grade_until, exposure, limit with limit_until; yuan) of `client` as of a day.

    `source` names the row that made them true ("rating:12"). Each value becomes a dated fact; the standing shows the
    latest day's, of what is counted the last. The caller's policy has judged the act: no door leads here. BadInput:
    unknown value or wrong shape.
    """
    allowed = [name for group in GROUPS.values() for name in group]
    cleaned = checked(Standing, values, allowed=allowed)
    if not cleaned or not source:
        raise BadInput(field="source" if cleaned else "values")
    # Always part of another act: no savepoint of its own, once nothing can be refused any more.
    with transaction.atomic(savepoint=False):
        standing, _created = Standing.objects.select_for_update().get_or_create(client=client)
        for group, names in GROUPS.items():
            told = {name: cleaned[name] for name in names if name in cleaned}
            since = getattr(standing, f"{group}_as_of")
            if told and (group in COUNTED or since is None or since <= as_of):
                day = as_of if since is None else max(since, as_of)
                for name, value in {**told, f"{group}_as_of": day, f"{group}_source": source}.items():
                    setattr(standing, name, value)
        standing.updated_at = clock.now()
        standing.save()
        now = clock.now()
        StandingFact.objects.bulk_create(
            StandingFact(client=client, key=name, value=_text(value), as_of=as_of, source=source, recorded_at=now)
            for name, value in cleaned.items()
        )
        record(
            "client.standing_recorded", subject=client, by=by, data={"source": source, "as_of": as_of}, after=cleaned
        )
        return standing


def _text(value: Any) -> str:
    return "" if value is None else str(plain(value))


# Locked by client before they are counted: whoever else counts one of them waits, or was there before.
HELD = """
SELECT 1 FROM clients_standing WHERE client_id IN (SELECT client_id FROM (%s) AS told) ORDER BY client_id FOR UPDATE
"""
# Only what differs is written: every client has a standing. The row before is read from the snapshot in which the
# statement began.
MANY = """
WITH told AS MATERIALIZED (%s),
changed AS (
    UPDATE clients_standing AS standing SET
        open_ambers = told.open_ambers, open_reds = told.open_reds,
        warnings_as_of = greatest(standing.warnings_as_of, %%(told_on)s),
        warnings_source = %%(told_by)s, updated_at = %%(told_at)s
    FROM told JOIN clients_standing AS former ON former.client_id = told.client_id
    WHERE standing.client_id = told.client_id
        AND (told.open_ambers <> former.open_ambers OR told.open_reds <> former.open_reds)
    RETURNING standing.client_id, told.open_ambers, told.open_reds,
        former.open_ambers AS former_ambers, former.open_reds AS former_reds
), facts AS (
    INSERT INTO clients_standingfact (client_id, key, value, as_of, source, recorded_at)
    SELECT new.client_id, new.key, new.value::text, %%(told_on)s, %%(told_by)s, %%(told_at)s
    FROM (
        SELECT client_id, 'open_ambers' AS key, open_ambers AS value FROM changed WHERE open_ambers <> former_ambers
        UNION ALL SELECT client_id, 'open_reds', open_reds FROM changed WHERE open_reds <> former_reds
    ) AS new
)
SELECT count(*) FROM changed
"""


def standing_record_many(*, rows: str, parameters: Mapping[str, Any], source: str, as_of: date, by: Viewer) -> int:
    """Tell the open warnings of many clients as of a day, without bringing a row to Python.

    `rows` is a SELECT of (client_id, open_ambers, open_reds), SQL of the house. A client whose figures stay is not
    written. The caller's job records what made them change, and that it ran. Answers how many clients changed.
    """
    if not by.is_system:
        raise NotPermitted
    told: dict[str, Any] = {"told_on": as_of, "told_by": source, "told_at": clock.now()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HELD % rows, parameters)
        cursor.execute(MANY % rows, {**parameters, **told})
        return int(cursor.fetchone()[0])
