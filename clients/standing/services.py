"""The one way into a client's standing. Upper apps call it inside the act that made the value true."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from clients.file.models import Client
from clients.standing.models import Standing, StandingFact
from crm.kernel.access.errors import BadInput
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.audit.values import plain
from crm.kernel.workdays import clock

# Which day and source columns a value shares: a grade and its end are one statement.
GROUPS = {"grade": ("grade", "grade_until"), "exposure": ("exposure",)}


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
