"""Rows and bodies of this module for the access matrix and the budgets."""

from datetime import timedelta
from typing import Any

from clients.relations.services import note_add, promise_add
from clients.relations.tests.factories import WORDS, planned, visit
from crm.kernel.workdays import clock
from crm.tests.assurance.world import ABSENT, World


def add_rows(world: World) -> None:
    """A visit in three situations; in `own` besides one that is planned, one without minutes, a note, a promise."""
    for name in ("own", "team", "other"):
        found = world.situations[name]
        row = visit(found.client, purpose=f"往来{name}")
        found.rows["interaction"] = row
        found.marks["interaction"] = row.purpose
        found.rows["promise"] = promise_add(
            interaction=row,
            what="提供贷款条件清单",
            owner=found.client.owner,
            due_on=clock.today(),
            by=found.client.owner,
        )
    own = world.situations["own"]
    own.rows["plannedinteraction"] = planned(own.client, purpose="年度合作沟通", kind="call")
    own.rows["unwritten"] = visit(own.client, kind="meeting", words="", purpose="季度对账会")
    first = own.rows["interaction"]
    own.rows["interactionnote"] = note_add(interaction=first, text="客户次日来电更正口径。", by=own.client.owner)
    own.rows["contactplan"] = own.client.contact_plan
    own.rows["participant"] = first.participants.get()


def _moment(**ago: int) -> str:
    return (clock.now() - timedelta(**ago)).isoformat(timespec="minutes")


def _version(world: World, model: str, situation: str) -> int:
    row = world.row(model, situation)
    return getattr(row, "version", 1)


def _new(world: World, situation: str) -> dict[str, Any]:
    made = world.situations.get(situation or "own")
    told = {"kind": "call", "state": "held", "words": WORDS, "starts_at": _moment(hours=2)}
    return {**told, "client": made.client.pk if made else ABSENT}


def _held(world: World, situation: str) -> dict[str, Any]:
    given = {"kind": "call", "words": WORDS, "starts_at": _moment(minutes=5)}
    return {**given, "version": _version(world, "plannedinteraction", situation)}


def _api_held(world: World, situation: str) -> dict[str, Any]:
    given = _held(world, situation)
    version = given.pop("version")
    return {**given, "expected_version": version}


def _correct(world: World, situation: str) -> dict[str, Any]:
    given = {"kind": "visit", "words": f"{WORDS}（补充）", "starts_at": _moment(hours=3)}
    return {**given, "version": _version(world, "interaction", situation)}


def _with_version(model: str, given: dict[str, Any], name: str = "version") -> Any:
    return lambda world, situation: {**given, name: _version(world, model, situation)}


def _promise(world: World, situation: str) -> dict[str, Any]:
    made = world.situations.get(situation or "own")
    owner = made.client.owner_id if made else ABSENT
    return {"what": "提供还款计划测算", "owner": owner, "due_on": clock.today().isoformat()}


REASON, MINUTES, NOTE = {"reason": "客户出差，另约时间"}, {"words": WORDS}, {"text": "客户补充了账龄明细。"}
SETTLED = {"state": "kept", "outcome": "清单已发客户财务部"}
BODIES = {
    "clients:interaction_create": _new,
    "clients:interaction_hold": _held,
    "clients:interaction_correct": _correct,
    "clients:interaction_cancel": _with_version("plannedinteraction", REASON),
    "clients:interaction_minutes": _with_version("unwritten", MINUTES),
    "clients:interaction_note": lambda world, situation: NOTE,
    "clients:interaction_promise": _promise,
    "clients:promise_settle": lambda world, situation: SETTLED,
    "api:interaction-list": _new,
    "api:interaction-detail": lambda world, situation: {"place": "客户三楼会议室"},
    "api:interaction-hold": _api_held,
    "api:interaction-cancel": _with_version("plannedinteraction", REASON, "expected_version"),
    "api:interaction-minutes": _with_version("unwritten", MINUTES, "expected_version"),
    "api:interaction-note": lambda world, situation: NOTE,
    "api:interaction-promise": _promise,
    "api:promise-settle": lambda world, situation: SETTLED,
}


def grow(manager: Any, client: Any) -> None:
    """One more of each about the client."""
    row = visit(client, by=manager)
    planned(client, by=manager)
    promise_add(interaction=row, what="提供贷款条件清单", owner=manager, due_on=clock.today(), by=manager)
    note_add(interaction=row, text="客户次日来电更正口径。", by=manager)
