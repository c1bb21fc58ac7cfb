"""The to-dos of warnings: who keeps the client has to answer, the head of the department to close."""

from collections.abc import Collection, Mapping
from typing import Any

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.selectors import superior_of
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_close_set, todo_open, todo_open_set
from risk.indicators.models import WarningEpisode
from risk.indicators.services.catalogue import CODE_OF
from risk.indicators.services.statements import NOTED

ANSWER, CLOSE = "risk.warning_answer", "risk.warning_close"
LABEL = WarningEpisode._meta.label_lower
ASKS = ("opened", "raised", "relapsed", "handed_over")
# What a chunk's changes ask of the keepers. A hand-over of what is answered already asks for nothing.
WANTED = (
    """
SELECT warning.id::text AS object_id, warning.owner_id, warning.due_on, '/warnings/' || warning.id || '/' AS url,
    jsonb_build_object('indicator', warning.indicator, 'level', warning.level, 'client', client.name) AS data
"""
    + NOTED.replace("WHERE", "JOIN clients_client AS client ON client.id = warning.client_id WHERE")
    + " AND noted.kind = ANY(%(asks)s) AND warning.responded_at IS NULL AND warning.recovered_on IS NULL"
)
RECOVERED = "SELECT warning.id::text AS object_id" + NOTED + " AND noted.kind = 'recovered'"


def follow(noted: Mapping[str, Any], kinds: Collection[str], *, by: Viewer) -> None:
    """Open and close the keepers' to-dos after what a chunk of the night noted, by kinds of change. Set-based."""
    told: dict[str, Any] = {"kind": ANSWER, "object_type": LABEL, "by": by}
    if not set(kinds).isdisjoint(ASKS):
        todo_open_set(rows=WANTED, parameters={**noted, "asks": list(ASKS)}, **told)
    if "recovered" in kinds:
        todo_close_set(rows=RECOVERED, parameters=noted, outcome="recovered", **told)


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
