"""The to-dos of warnings: who keeps the client has to answer, the head of the department to close."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.selectors import superior_of
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import Wanted, todo_close, todo_close_many, todo_open, todo_open_many
from risk.indicators.models import WarningEpisode
from risk.indicators.services.catalogue import CODE_OF
from risk.indicators.services.statements import NOTED

ANSWER, CLOSE = "risk.warning_answer", "risk.warning_close"
LABEL = WarningEpisode._meta.label_lower
ASKS = ("opened", "raised", "relapsed", "handed_over")
# What a chunk's changes ask of the keepers. A hand-over of what is answered already asks for nothing.
WANTED = (
    "SELECT warning.id, warning.owner_id, warning.due_on, warning.indicator, warning.level, client.name"
    + NOTED.replace("WHERE", "JOIN clients_client AS client ON client.id = warning.client_id WHERE")
    + " AND noted.kind = ANY(%(asks)s) AND warning.responded_at IS NULL AND warning.recovered_on IS NULL"
)
RECOVERED = "SELECT warning.id" + NOTED + " AND noted.kind = 'recovered'"


def follow(noted: Mapping[str, Any], *, by: Viewer) -> None:
    """Open and close the keepers' to-dos after what a chunk of the night noted. Bounded by the chunk."""
    with connection.cursor() as cursor:
        cursor.execute(WANTED, {**noted, "asks": list(ASKS)})
        wanted = [
            Wanted(ANSWER, (LABEL, pk), owner, due_on, f"/warnings/{pk}/", _words(indicator, level, name))
            for pk, owner, due_on, indicator, level, name in cursor.fetchall()
        ]
        cursor.execute(RECOVERED, noted)
        recovered = [pk for (pk,) in cursor.fetchall()]
    todo_open_many(wanted, by=by)
    todo_close_many(kind=ANSWER, object_type=LABEL, object_ids=recovered, outcome="recovered", by=by)


def answered(warning: WarningEpisode, *, by: Viewer) -> None:
    """The keeper's to-do is done; the head above the keeper has to close. Without one, the risk assessors see it."""
    todo_close(kind=ANSWER, subject=warning, outcome="answered", by=by)
    head = superior_of(warning.owner)
    if head is None or head.pk == by.pk:
        return
    days = parameters.value(CODE_OF[warning.indicator]).value["respond_workdays"][warning.level]
    todo_open(
        kind=CLOSE,
        subject=warning,
        owner=head,
        due_on=add_workdays(clock.today(), days).date,
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
