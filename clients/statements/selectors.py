"""Reads of financial statements: the list, the figures of sets by column, what their check finds, the predecessors."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from clients.statements.models import Statement, StatementLine
from clients.statements.rules.identities import Finding, StatementSet, Values, check_set
from clients.statements.rules.lines import CLOSING, COMPARATIVE, OPENING, YTD
from clients.statements.rules.periods import last_year_end, years_before
from clients.statements.workflow import select_statements
from crm.kernel.access.policies import Viewer

CURRENT_COLUMNS, PRIOR_COLUMNS = (CLOSING, YTD), (OPENING, COMPARATIVE)
Columns = dict[str, dict[str, Decimal]]


def statement_list(*, viewer: Viewer) -> QuerySet[Statement]:
    """Sets of the clients this person may see, the latest period first."""
    rows: Any = select_statements()
    return rows.visible_to(viewer).order_by("-period_end", "-id")


def read_columns(statements: Iterable[int]) -> dict[int, Columns]:
    """Statement → column (closing, opening, ytd, comparative) → code → yuan, as entered. One query."""
    found: dict[int, Columns] = defaultdict(lambda: defaultdict(dict))
    rows = StatementLine.objects.filter(statement__in=list(statements))
    for pk, code, column, value in rows.order_by().values_list("statement_id", "code", "column", "value"):
        found[pk][column][code] = value
    return {pk: {column: dict(values) for column, values in columns.items()} for pk, columns in found.items()}


def join_columns(columns: Columns, names: Iterable[str]) -> dict[str, Decimal]:
    """The balance and the flows of one period in one mapping."""
    return {code: value for name in names for code, value in columns.get(name, {}).items()}


def as_set(statement: Statement, columns: Columns) -> StatementSet:
    """A set as the rules read it."""
    current, prior = (join_columns(columns, names) for names in (CURRENT_COLUMNS, PRIOR_COLUMNS))
    return StatementSet(current, prior, statement.ulp, statement.months, statement.scope)


def confirmed_values(
    client: int, scope: str, ends: Iterable[date], *, without: int | None = None
) -> dict[date, dict[str, Decimal]]:
    """Period end → this period's figures of the confirmed set. Two queries."""
    sets = Statement.objects.filter(
        client_id=client, scope=scope, period_end__in=list(ends), state=Statement.State.CONFIRMED
    ).exclude(pk=without or 0)
    ends_of = dict(sets.values_list("pk", "period_end"))
    columns = read_columns(ends_of) if ends_of else {}
    return {end: join_columns(columns.get(pk, {}), CURRENT_COLUMNS) for pk, end in ends_of.items()}


def last_assets(statement: Statement) -> Decimal | None:
    """Closing total assets of the latest confirmed set of this client and scope; None without one. One query."""
    lines = StatementLine.objects.filter(
        statement__client=statement.client_id,
        statement__scope=statement.scope,
        statement__currency=statement.currency,
        statement__state=Statement.State.CONFIRMED,
        code="A999",
        column=CLOSING,
    )
    return lines.order_by("-statement__period_end").values_list("value", flat=True).first()


def predecessors(statement: Statement) -> tuple[Values | None, Values | None]:
    """This period's figures of the confirmed sets of last 31 December and of the same months last year."""
    year_end = last_year_end(statement.period_end)
    same = years_before(statement.period_end)
    without = statement.replaces_id
    found = confirmed_values(statement.client_id, statement.scope, {year_end, same}, without=without)
    return found.get(year_end), found.get(same)


def find_problems(statement: Statement, columns: Columns | None = None) -> list[Finding]:
    """What the check of a set finds, with its predecessors."""
    if columns is None:
        columns = read_columns([statement.pk]).get(statement.pk, {})
    year_end, same = predecessors(statement)
    return check_set(as_set(statement, columns), last_year_end=year_end, same_months_last_year=same)


def versions_of(statement: Statement) -> QuerySet[Statement]:
    """All sets of the same client, scope and period, the newest first."""
    same = Q(client_id=statement.client_id, scope=statement.scope, period_end=statement.period_end)
    return Statement.objects.filter(same).order_by("-id")
