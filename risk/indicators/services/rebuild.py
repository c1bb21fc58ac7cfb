"""Open warnings and grades of standing counted anew from their sources. In a sound house it finds no difference."""

from django.db import connection, transaction

from clients.standing.services import standing_record_many
from crm.kernel.access.errors import NotPermitted
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.workdays import clock
from risk.indicators.services.statements import COUNTED

# Every client that has warnings or is said to have some.
OPEN_WARNINGS = f"""
SELECT client_id, coalesce(counted.open_ambers, 0) AS open_ambers, coalesce(counted.open_reds, 0) AS open_reds
FROM ({COUNTED} GROUP BY client_id) AS counted
FULL JOIN (SELECT client_id FROM clients_standing WHERE open_ambers > 0 OR open_reds > 0) AS said USING (client_id)
"""  # noqa: S608 - our own statements
# A grade in standing is the confirmed one; a client without a confirmed grade has none.
GRADES = """
SELECT count(*) FROM clients_standing AS standing
FULL JOIN (SELECT client_id, grade, valid_until FROM risk_rating WHERE status = 'confirmed') AS rating USING (client_id)
WHERE (coalesce(standing.grade, ''), standing.grade_until)
    IS DISTINCT FROM (coalesce(rating.grade, ''), rating.valid_until)
"""
DIFFERENT = f"""
SELECT count(*) FROM ({OPEN_WARNINGS}) AS counted
LEFT JOIN clients_standing AS standing ON standing.client_id = counted.client_id
WHERE (counted.open_ambers, counted.open_reds)
    IS DISTINCT FROM (coalesce(standing.open_ambers, 0)::bigint, coalesce(standing.open_reds, 0)::bigint)
"""  # noqa: S608


@transaction.atomic
def standing_rebuild(*, write: bool = True, by: Viewer) -> dict[str, int]:
    """Compare every client's standing with its sources; how many differ, by kind. With `write` the open warnings are
    told anew; a grade that differs is only counted: two people stand behind it, so a person must look.
    """
    if not by.is_system:
        raise NotPermitted
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5min'")
        for kind, statement in (("warnings", DIFFERENT), ("grades", GRADES)):
            cursor.execute(statement)
            found[kind] = int(cursor.fetchone()[0])
    if write and found["warnings"]:
        standing_record_many(rows=OPEN_WARNINGS, parameters={}, source="rebuild", as_of=clock.today(), by=by)
        record("standing.rebuilt", subject=None, by=by, data=found)
    return found
