"""The formula asked with a client's facts: its grade, its confirmed statements, own capital, room of its industry."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from clients.file.models import Client, ClientType
from clients.statements.key_figures import confirmed_book
from clients.statements.rules.ratios import Reader
from crm.kernel.audit.context import SYSTEM
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.workdays import clock
from risk.limits.rules.formula import ZERO, Capital, Limit, work_out_limit

FORMULA, CAPITAL, OLDEST, ROOM = (
    "limit.formula",
    "limit.own_capital",
    "limit.own_capital_max_age_days",
    "limit.sector_room",
)
CODES = (FORMULA, CAPITAL, OLDEST, ROOM)
# What is deducted from equity as intangible.
INTANGIBLE = ("A213", "A214", "A215", "A216", "A217")


@dataclass(frozen=True)
class Working:
    """A limit as worked out today, with the grade and the statements behind it and the versions of the rules."""

    limit: Limit
    grade: str | None
    statement: int | None
    as_of: str | None
    rules: dict[str, ParameterValue]

    def as_data(self) -> dict[str, Any]:
        """For the row: every term with its figures as text."""
        return {
            "amount": _text(self.limit.amount),
            "binding": self.limit.binding,
            "terms": [{**asdict(term), "cap": _text(term.cap)} for term in self.limit.terms],
            "statement": self.statement,
            "as_of": self.as_of,
        }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def work_out(client: Client, *, need: Decimal | None) -> Working:
    """The limit of today, by all confirmed statements. Four queries. `client` with standing and industry.

    All of the client's deals count within its limit and no groups of clients are recorded, so nothing is used outside
    of it yet.
    """
    rules = parameters.values(CODES)
    standing = client.standing
    grade = standing.grade if standing.grade_is_valid else None
    is_firm = client.client_type == ClientType.COMPANY
    found = confirmed_book(client, viewer=SYSTEM) if is_firm else None
    net_worth = read_net_worth(Reader(found[1], found[0].period_end)) if found else None
    room = rules[ROOM].value.get(client.industry.section) if client.industry else None
    limit = work_out_limit(
        grade=grade,
        has_net_worth=is_firm,
        net_worth=net_worth,
        need=need,
        capital=own_capital(rules),
        table=rules[FORMULA].value,
        sector_room=None if room is None else Decimal(room),
    )
    statement = found[0] if found else None
    return Working(
        limit,
        grade,
        statement.pk if statement else None,
        statement.period_end.isoformat() if statement else None,
        rules,
    )


def read_net_worth(reader: Reader) -> Decimal | None:
    """Tangible net worth in yuan (rules-2 3.1, TNW). What the notes do not say counts against the client: other equity
    instruments are perpetual bonds, and no land use right lies within the intangibles. None without equity.
    """
    told = reader.read("TNW").value
    if told is not None:
        return told
    equity, bonds, land = (reader.read(line).value for line in ("E198", "M08", "M07"))
    if equity is None:
        return None
    instruments = reader.read("E102").value if bonds is None else bonds
    deducted = sum((reader.read(line).value or ZERO for line in INTANGIBLE), instruments or ZERO)
    return equity - deducted + (land or ZERO)


def own_capital(rules: dict[str, ParameterValue]) -> Capital:
    """Own capital as told for the quarter; unknown when it was not told or is too old (rules-2 6.2)."""
    told = rules[CAPITAL]
    oldest = clock.today() - timedelta(days=int(rules[OLDEST].value))
    if told.effective_from < oldest:
        return Capital()
    net, tier1 = (None if told.value[name] is None else Decimal(told.value[name]) for name in ("net", "tier1"))
    return Capital(net, tier1)
