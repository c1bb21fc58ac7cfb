"""Statement sets for tests, made by the services themselves; the figures are the company of rules-2 3.4 in 万元."""

from datetime import date
from decimal import Decimal
from typing import Any

from clients.file.models import Client
from clients.statements.models import Statement
from clients.statements.services import Figure, statement_check, statement_confirm, statement_create, statement_save
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member

WAN = Decimal(10_000)
# Closing and opening balance in 万元.
BALANCE: dict[str, tuple[int, int]] = {
    "A101": (6600, 5900), "A105": (12000, 10500), "A109": (8000, 7200), "A108": (2000, 1800),
    "A208": (20000, 16000), "A213": (3950, 3100),
    "L101": (7000, 6500), "L105": (9300, 8100), "L112": (2500, 2000), "L110": (1500, 1400), "L201": (8000, 6000),
    "E101": (10000, 10000), "E103": (4000, 3500), "E107": (1250, 900), "E108": (9000, 6100),
}  # fmt: skip
FLOWS: dict[str, tuple[int, int]] = {
    "P01": (60000, 48000), "P02": (48000, 38800), "P03": (400, 340), "P04": (2400, 2000), "P05": (2800, 2500),
    "P06": (1000, 800), "P07": (870, 650), "P071": (900, 680), "P21": (70, 50), "P22": (100, 60), "P31": (1050, 650),
    "C01": (66000, 53000), "C11": (54000, 44000), "C12": (4300, 3700), "C13": (2600, 2000), "C14": (1400, 1100),
    "C31": (3800, 2600), "C42": (9000, 7000), "C51": (6500, 5500), "C52": (1700, 1200), "C81": (5900, 6000),
}  # fmt: skip
FACTS: dict[str, Any] = {"scope": "parent", "unit": "wan", "decimals": 2, "source": "manual", "months": 12}


def figures(changes: dict[tuple[str, str], Decimal] | None = None) -> list[Figure]:
    """A balanced set of a year; `changes`: (code, column) → yuan instead."""
    given: dict[tuple[str, str], Decimal] = {}
    for lines, columns in ((BALANCE, ("closing", "opening")), (FLOWS, ("ytd", "comparative"))):
        for code, pair in lines.items():
            for column, value in zip(columns, pair, strict=True):
                given[code, column] = value * WAN
    return [(code, column, value) for (code, column), value in {**given, **(changes or {})}.items()]


def last_year() -> date:
    """The last day of the last full year."""
    return date(clock.today().year - 1, 12, 31)


def draft(client: Client, *, by: Person | None = None, changes: Any = None, **facts: Any) -> Statement:
    """A draft with figures."""
    who = by or client.owner
    given = {"period_end": last_year(), "received_on": clock.today(), **FACTS, **facts}
    made = statement_create(client=client, by=who, **given)
    return statement_save(statement=made, figures=figures(changes), expected_version=made.version, by=who)


def submitted(client: Client, **more: Any) -> Statement:
    """One that waits for its second person."""
    row = draft(client, **more)
    return statement_check(statement=row, expected_version=row.version, by=more.get("by") or client.owner)


def confirmed(client: Client, **more: Any) -> Statement:
    """One that the risk assessor confirmed."""
    row = submitted(client, **more)
    return statement_confirm(statement=row, expected_version=row.version, by=cast_member("risk_assessor"))
