"""Rows and bodies of this module for the access matrix and the budgets."""

from datetime import date
from typing import Any

from clients.file.models import Client
from clients.statements.services import statement_check
from clients.statements.tests.factories import FACTS, WAN, confirmed, draft, submitted
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from projects.deals.tests.factories import text_file

REASONS = [{"key": "I17:C90:0", "kind": "equivalents", "text": "三个月内理财计入现金等价物"}]


def add_rows(world: World) -> None:
    """One with a reason that waits for its second person in three situations; in `own` a draft and a confirmed one."""
    before = clock.today().year - 1
    for place, name in enumerate(("own", "team", "other")):
        found = world.situations[name]
        paper = text_file("审计报告.txt", "审计报告")
        # Days of long ago, which no other page shows: they are the marks.
        facts = {"period_end": date(2011 + place, 6 - place, 30 + place % 2), "months": 6 - place, "paper": paper}
        made = draft(found.client, changes={("M03", "closing"): 100 * WAN}, **facts)
        row = statement_check(statement=made, reasons=REASONS, expected_version=made.version, by=found.client.owner)
        found.rows["statement"] = row
        found.rows["statementline"] = row.lines.filter(code="A101").latest("pk")
        found.rows["statementreason"] = row.reasons.get()
        found.marks["statement"] = str(row.period_end)
    own = world.situations["own"]
    own.rows["draftstatement"] = draft(own.client, period_end=date(before, 9, 30), months=9)
    own.rows["confirmedstatement"] = confirmed(own.client, period_end=date(before, 3, 31), months=3)


def _new(world: World, situation: str) -> dict[str, Any]:
    given = {name: str(value) for name, value in FACTS.items()}
    year = clock.today().year - 1
    more = {"layout": "cas2019", "opinion": "none"}
    return {**given, **more, "period_end": f"{year}-12-31", "received_on": clock.today().isoformat()}


def _versioned(model: str, given: dict[str, Any], name: str = "version") -> Any:
    def body(world: World, situation: str) -> dict[str, Any]:
        row = world.row(model, situation)
        return {**given, name: getattr(row, "version", 1)}

    return body


REASON = {"reason": "与审计报告核对后更正"}
CASH = {"figures": [{"code": "A101", "column": "closing", "value": "66000000.00"}]}
EXPECTED = "expected_version"
BODIES = {
    "clients:statement_create": _new,
    "clients:statement_detail": _versioned("statement", {"verdict": "confirm"}),
    "clients:statement_edit": _versioned("draftstatement", {"unit": "wan", "A101.closing": "6,600.00"}),
    "clients:statement_check": _versioned("draftstatement", {}),
    "clients:statement_discard": _versioned("draftstatement", REASON),
    "clients:statement_correct": _versioned("confirmedstatement", REASON),
    "clients:statement_void": _versioned("confirmedstatement", REASON),
    "api:client-statement-list": _new,
    "api:statement-figures": _versioned("draftstatement", CASH, EXPECTED),
    "api:statement-check": _versioned("draftstatement", {}, EXPECTED),
    "api:statement-confirm": _versioned("statement", {}, EXPECTED),
    "api:statement-send-back": _versioned("statement", REASON, EXPECTED),
    "api:statement-correct": _versioned("confirmedstatement", REASON, EXPECTED),
    "api:statement-void": _versioned("confirmedstatement", REASON, EXPECTED),
    "admin:clients_statement_change": lambda world, situation: {"verdict": "confirm"},
}


def grow(manager: Any, client: Any) -> None:
    """One more of the client, with a reason."""
    person: Person = manager
    row: Client = client
    assert submitted(row, by=person).state == "checked"
