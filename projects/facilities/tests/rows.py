"""Rows and bodies of this module for the access matrix and the budgets."""

from typing import Any

from clients.file.models import Client
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from projects.deals.tests.factories import text_file
from projects.facilities.models import Facility
from projects.facilities.services import facility_confirm, facility_settle
from projects.facilities.tests.factories import FACTS, enter

WAITING = ("own", "team", "other")


def add_rows(world: World) -> None:
    """One that waits for its second person in each of three situations, one in force, one that is to be settled."""
    for name in (*WAITING, "approved", "final"):
        found = world.situations[name]
        facility = enter(found.client, contract_no=f"2024-固贷-{name}")
        if name not in WAITING:
            facility_confirm(facility=facility, by=world.people["risk_assessor"])
        if name == "final":
            facility_settle(facility=facility, settled_on=clock.today(), by=found.client.owner)
        found.rows["facility"] = facility
        found.rows["facilitybalance"] = facility.balances.get()
        found.marks["facility"] = facility.contract_no


def _enter(world: World, situation: str) -> dict[str, Any]:
    given = {name: str(value) for name, value in FACTS.items()}
    paper = text_file("借款合同.txt", "固定资产借款合同")
    return {**given, "contract_no": "2024-固贷-4711", "as_of": clock.today().isoformat(), "paper": paper}


def _balance(world: World, situation: str) -> dict[str, Any]:
    return {"as_of": clock.today().isoformat(), "outstanding": "120000000.00"}


def _balances(world: World, situation: str) -> dict[str, Any]:
    return {"rows": [{"contract_no": f"2024-固贷-{situation}", **_balance(world, situation)}]}


def _settle(world: World, situation: str) -> dict[str, Any]:
    return {"settled_on": clock.today().isoformat()}


REASON = {"reason": "合同缺页，请补正后重报"}
BODIES = {
    "projects:facility_enter": _enter,
    "projects:facility_detail": lambda world, situation: {"verdict": "confirm"},
    "projects:facility_withdraw": lambda world, situation: {},
    "projects:facility_settle": _settle,
    "projects:facility_tell": _balance,
    "api:client-facility-list": _enter,
    "api:facility-confirm": lambda world, situation: {},
    "api:facility-refuse": lambda world, situation: REASON,
    "api:facility-withdraw": lambda world, situation: {},
    "api:facility-settle": _settle,
    "api:facility-settle-confirm": lambda world, situation: {},
    "api:facility-settle-refuse": lambda world, situation: REASON,
    "api:facility-balance": _balance,
    "api:facility-balance-list": _balances,
    "admin:projects_facility_change": lambda world, situation: {"verdict": "confirm"},
}


def grow(manager: Any, client: Any) -> None:
    """One more of the client."""
    person: Person = manager
    row: Client = client
    assert enter(row, by=person).state == Facility.State.ENTERED
