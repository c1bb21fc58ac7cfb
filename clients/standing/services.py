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
    "warnings": ("open_ambers", "open_reds"),
}


def standing_record(*, client: Client, values: Mapping[str, Any], source: str, as_of: date, by: Viewer) -> Standing:
    """Tell `values` (grade with grade_until, exposure in yuan) of `client` as of a day.

    `source` names the row that made them true ("rating:12"). Each value becomes a dated fact; the standing shows the
    latest day's. The caller's policy has judged the act: no door leads here. BadInput: unknown value or wrong shape.
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
            if told and (since is None or since <= as_of):
                for name, value in {**told, f"{group}_as_of": as_of, f"{group}_source": source}.items():
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


# Only what differs is written; the row before is read from the snapshot in which the statement began.
MANY = """
WITH told AS MATERIALIZED (%s),
before AS MATERIALIZED (
    SELECT standing.client_id, standing.open_ambers, standing.open_reds
    FROM clients_standing AS standing JOIN told ON told.client_id = standing.client_id
), changed AS (
    INSERT INTO clients_standing
        (client_id, grade, grade_source, exposure_source, open_ambers, open_reds, warnings_as_of, warnings_source,
         updated_at)
    SELECT told.client_id, '', '', '', told.open_ambers, told.open_reds, %%(told_on)s, %%(told_by)s, %%(told_at)s
    FROM told LEFT JOIN before ON before.client_id = told.client_id
    WHERE told.open_ambers <> coalesce(before.open_ambers, 0) OR told.open_reds <> coalesce(before.open_reds, 0)
    ON CONFLICT (client_id) DO UPDATE SET
        open_ambers = EXCLUDED.open_ambers, open_reds = EXCLUDED.open_reds,
        warnings_as_of = EXCLUDED.warnings_as_of, warnings_source = EXCLUDED.warnings_source,
        updated_at = EXCLUDED.updated_at
    WHERE clients_standing.warnings_as_of IS NULL OR clients_standing.warnings_as_of <= EXCLUDED.warnings_as_of
    RETURNING client_id, open_ambers, open_reds
), facts AS (
    INSERT INTO clients_standingfact (client_id, key, value, as_of, source, recorded_at)
    SELECT new.client_id, new.key, new.value::text, %%(told_on)s, %%(told_by)s, %%(told_at)s
    FROM (
        SELECT client_id, 'open_ambers' AS key, open_ambers AS value FROM changed
        UNION ALL SELECT client_id, 'open_reds', open_reds FROM changed
    ) AS new
    LEFT JOIN before ON before.client_id = new.client_id
    WHERE new.value <> CASE new.key WHEN 'open_reds' THEN coalesce(before.open_reds, 0)
                                    ELSE coalesce(before.open_ambers, 0) END
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
        cursor.execute(MANY % rows, {**parameters, **told})
        return int(cursor.fetchone()[0])
