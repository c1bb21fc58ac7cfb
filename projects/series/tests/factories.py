"""Series for tests, made by the service itself."""

from datetime import time
from typing import Any

from clients.file.models import Client
from crm.kernel.people.models import Person
from crm.tests.support.people import cast_member
from projects.series.models import Series
from projects.series.services import series_start


def weekly(client: Client, *, by: Person | None = None, **facts: Any) -> Series:
    """A meeting every Tuesday at ten, started by the client's account manager."""
    given = {"kind": "weekly", "title": "二期项目周例会", "weekday": 2, "at": time(10), **facts}
    return series_start(client=client, by=by or client.owner, **given)


def quarterly(client: Client, *, by: Person | None = None, **facts: Any) -> Series:
    """A dialogue every quarter with the department head as our executive."""
    given = {"kind": "quarterly", "title": "季度高层对话", "at": time(15), "people": [cast_member("head")], **facts}
    return series_start(client=client, by=by or client.owner, **given)
