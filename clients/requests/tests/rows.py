"""Rows and bodies of this module for the access matrix and the budgets."""

from typing import Any

from clients.requests.services import request_solve
from clients.requests.tests.factories import WORDS, asked
from crm.kernel.workdays import clock
from crm.tests.assurance.world import ABSENT, World


def add_rows(world: World) -> None:
    """A request in the queue in three situations; in `own` besides one that is solved, with its step."""
    for name in ("own", "team", "other"):
        found = world.situations[name]
        row = asked(found.client, words=f"请求{name}")
        found.rows["request"] = row
        found.marks["request"] = row.words
    own = world.situations["own"]
    solved = asked(own.client, words="询问提前还款流程。")
    own.rows["solvedrequest"] = request_solve(
        request=solved, words="已电话答复。", expected_version=solved.version, by=own.client.owner
    )
    own.rows["requeststep"] = solved.steps.get()


def _new(world: World, situation: str) -> dict[str, Any]:
    made = world.situations.get(situation or "own")
    return {"client": made.client.pk if made else ABSENT, "channel": "phone", "kind": "document", "words": WORDS}


def _new_form(world: World, situation: str) -> dict[str, Any]:
    moment = clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    return {**_new(world, situation), "asked_at": moment, "goes_to": "queue", "again": "on"}


def _with_version(model: str, given: dict[str, Any], name: str = "version") -> Any:
    return lambda world, situation: {**given, name: getattr(world.row(model, situation), "version", 1)}


def _owned(more: dict[str, Any], name: str = "version") -> Any:
    """A body that names the client's account manager."""

    def body(world: World, situation: str) -> dict[str, Any]:
        made = world.situations.get(situation or "own")
        owner = made.client.owner_id if made else ABSENT
        version = getattr(world.row("request", situation), "version", 1)
        return {**more, "owner": owner, name: version}

    return body


WORD = {"words": "已电话答复客户。"}
PROMISE = {"what": "补寄利息清单", "due_on": clock.today().isoformat()}
API = "expected_version"
BODIES = {
    "clients:request_create": _new_form,
    "clients:request_take": _with_version("request", {}),
    "clients:request_assign": _owned({}),
    "clients:request_answer": _with_version("request", WORD),
    "clients:request_solve": _with_version("request", WORD),
    "clients:request_close": _with_version("solvedrequest", {**WORD, "content": "yes"}),
    "clients:request_reopen": _with_version("solvedrequest", WORD),
    "clients:request_promise": _owned(PROMISE),
    "api:request-list": lambda world, situation: {**_new(world, situation), "again": True},
    "api:request-take": _with_version("request", {}, API),
    "api:request-assign": _owned({}, API),
    "api:request-reply": _with_version("request", WORD, API),
    "api:request-solve": _with_version("request", WORD, API),
    "api:request-close": _with_version("solvedrequest", {**WORD, "is_content": True}, API),
    "api:request-reopen": _with_version("solvedrequest", WORD, API),
    "api:request-promise": _owned(PROMISE, API),
}


def grow(manager: Any, client: Any) -> None:
    """One more in the queue and one solved about the client."""
    asked(client, by=manager)
    row = asked(client, by=manager, is_mine=True)
    request_solve(request=row, words="已电话答复。", expected_version=row.version, by=manager)
