"""Financial statements of the demo: three coherent years of every company, one draft that is off, one that waits.

Written set by set as drafts and then moved, in a handful of statements: each year opens with the former year's close.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from clients.file.models import Client
from clients.statements.models import Statement, StatementLine
from clients.statements.rules.lines import BALANCE, BY_CODE, complete_totals
from clients.statements.rules.periods import end_of_month
from clients.statements.services import statement_check, statement_create, statement_save
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.services import record
from crm.kernel.declarations import demo
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage

WAN = Decimal(10_000)
CENT = Decimal("0.01")
# Revenue of the first year in 万元 by size.
REVENUE = {"large": 182_000, "medium": 46_000, "small": 9_600, "micro": 2_400, "": 31_000}
# Growth of revenue and cost of sales in parts of a thousand, by turns.
PACES = ((108, 742), (115, 765), (96, 812), (124, 698), (102, 785), (88, 861), (111, 730))
YEARS = 3
RESTATED = {"key": "I18:A999:1", "kind": "restatement", "text": "本年更正上年末发出商品的列示，追溯调整年初数"}


def _share(base: Decimal, thousandths: int) -> Decimal:
    return (base * thousandths / 1000).quantize(CENT)


def _flows(revenue: Decimal, cost: int, before: dict[str, Decimal], number: int) -> dict[str, Decimal]:
    """The income statement by share of revenue, interest by what was owed before."""
    interest, earned = _share(before["L101"] + before["L201"], 44), _share(before["A101"], 6)
    flows = {
        "P01": revenue,
        "P02": _share(revenue, cost),
        "P03": _share(revenue, 7),
        "P04": _share(revenue, 38),
        "P05": _share(revenue, 52),
        "P06": _share(revenue, 24 + number % 4 * 6),
        "P07": interest - earned,
        "P071": interest,
        "P072": earned,
        "P21": _share(revenue, 2),
        "P22": _share(revenue, 1),
        "M01": _share(before["A208"], 82),
        "M02": _share(interest, number % 3 * 60),
    }
    taxed = complete_totals(flows)["P30"]
    return complete_totals({**flows, "P31": max(_share(taxed, 200 + number % 3 * 25), Decimal(0))})


def _year(revenue: Decimal, cost: int, before: dict[str, Decimal], number: int) -> dict[str, Decimal]:
    """The figures of a year in yuan: a balance that follows from the former one, its flows and the cash they leave."""
    flows = _flows(revenue, cost, before, number)
    profit, gained = flows["P40"], max(flows["P40"], Decimal(0))
    saved, dividends, spent = _share(gained, 100), _share(gained, 200), _share(revenue, 61 + number % 5 * 8)
    now = {
        **before,
        "A105": _share(revenue, 168 + number % 7 * 9),
        "A109": _share(flows["P02"], 141 + number % 6 * 11),
        "A107": _share(revenue, 21),
        "A208": before["A208"] + spent - flows["M01"],
        "L105": _share(flows["P02"], 152 + number % 4 * 8),
        "L108": _share(revenue, 12),
        "L109": _share(revenue, 6),
        "L101": before["L101"] + _share(revenue, 9),
        "L201": before["L201"] + _share(spent, 350),
        "E107": before["E107"] + saved,
        "E108": before["E108"] + profit - saved - dividends,
    }
    working = sum((now[code] - before[code] for code in ("A105", "A109", "A107")), Decimal(0))
    owed = sum((now[code] - before[code] for code in ("L105", "L108", "L109")), Decimal(0))
    cash = {
        "C01": revenue - (now["A105"] - before["A105"]),
        "C12": _share(revenue, 74),
        "C13": flows["P03"] + flows["P31"] + _share(revenue, 31),
        "C31": spent,
        "C51": _share(before["L101"], 400),
        "C52": dividends + flows["P071"],
        "C81": before["A101"],
    }
    cash["C42"] = cash["C51"] + now["L101"] - before["L101"] + now["L201"] - before["L201"]
    operating = profit + flows["P071"] + flows["M01"] - working + owed
    cash["C11"] = cash["C01"] - cash["C12"] - cash["C13"] - operating
    if cash["C11"] < 0:
        cash["C03"], cash["C11"] = -cash["C11"], Decimal(0)
    cash = complete_totals(cash)
    if (lacking := _share(revenue, 60) - cash["C90"]) > 0:
        # The owners put in what the year lacks.
        cash = complete_totals({**cash, "C41": lacking}, ("C49", "C60", "C80", "C90"))
        now["E101"] += lacking
    notes = {"M03": Decimal(0), "M04": _share(now["E101"], number % 5 * 45), "M06": Decimal(0)}
    return complete_totals({**now, **flows, **cash, **notes, "A101": cash["C90"]})


def _first(revenue: Decimal, number: int) -> dict[str, Decimal]:
    """The balance before the first year, made to balance by the capital."""
    shares = {"A101": 92, "A105": 160, "A109": 120, "A107": 20, "A208": 540 + number % 6 * 30, "A213": 70}
    owed = {"L101": 150 + number % 5 * 20, "L105": 110, "L108": 11, "L109": 6, "L201": 190 + number % 4 * 25}
    kept = {"E107": 24, "E108": 118}
    values = {code: (revenue * part / 1000).quantize(CENT) for code, part in {**shares, **owed, **kept}.items()}
    assets = sum((value for code, value in values.items() if code[0] == "A"), Decimal(0))
    values["E101"] = 2 * assets - sum(values.values(), Decimal(0))
    return values


def make_years(size: str, number: int) -> list[dict[str, Decimal]]:
    """The balance before, then the figures of each year."""
    revenue = Decimal(REVENUE[size]) * WAN * (80 + number % 9 * 7) / 100
    growth, cost = PACES[number % len(PACES)]
    years = [_first(revenue, number)]
    for turn in range(YEARS):
        base = {code: value for code, value in years[-1].items() if BY_CODE[code].form == BALANCE}
        parts = {code: value for code, value in base.items() if not BY_CODE[code].is_total}
        years.append(_year(revenue, cost + turn * (number % 5 - 2) * 4, parts, number + turn))
        revenue = (revenue * growth / 100).quantize(CENT)
    return years


def make_statements(stage: Stage) -> None:
    """Three years of every company, confirmed; of one manager's clients a draft that is off and one that waits."""
    clients = [client for client in stage.made["clients"] if not client.is_individual]
    assessor, last = stage.people["tangyutong"], stage.now.astimezone(clock.SHANGHAI).year - 1
    sets: list[Statement] = []
    figures: list[list[dict[str, Decimal]]] = []
    for number, client in enumerate(clients):
        years = make_years(client.size, number)
        for turn in range(YEARS):
            end = date(last - YEARS + 1 + turn, 12, 31)
            made = datetime.combine(end + timedelta(days=110 + number % 9), time(10), tzinfo=clock.SHANGHAI)
            sets.append(
                Statement(
                    client=client,
                    scope=Statement.Scope.PARENT,
                    period_end=end,
                    months=12,
                    unit=Statement.Unit.YUAN,
                    opinion=Statement.Opinion.EMPHASIS if number % 17 == 5 else Statement.Opinion.UNQUALIFIED,
                    auditor=("立信会计师事务所", "天健会计师事务所", "大华会计师事务所")[number % 3],
                    report_no=f"审字[{end.year + 1}]第{1000 + number * 3 + turn}号",
                    report_on=end + timedelta(days=100 + number % 9),
                    source=Statement.Source.PORTAL,
                    received_on=end + timedelta(days=110 + number % 9),
                    made_by=client.owner,
                    made_at=made,
                )
            )
            figures.append(years[turn : turn + 2] if turn else [{}, *years[1:2]])
            if not turn:
                figures[-1][0] = years[0]
    _write(sets, figures, assessor)
    _open(stage, clients[0], figures[YEARS - 1][1])


def _write(sets: list[Statement], figures: list[list[dict[str, Decimal]]], assessor: Any) -> None:
    Statement.objects.bulk_create(sets)
    lines = []
    for row, (before, now) in zip(sets, figures, strict=True):
        for place, values in enumerate((now, complete_totals(before))):
            for code, value in values.items():
                column = BY_CODE[code].columns[place]
                lines.append(StatementLine(statement=row, code=code, column=column, value=value))
    StatementLine.objects.bulk_create(lines, batch_size=5000)
    made = Statement.objects.filter(pk__in=[row.pk for row in sets])
    made.update(state=Statement.State.CHECKED, checked_by=F("made_by"), checked_at=F("made_at"))
    later = F("made_at") + timedelta(days=2)
    made.update(state=Statement.State.CONFIRMED, confirmed_by=assessor, confirmed_at=later)
    for row in sets:
        record("statement.confirmed", subject=row, by=SYSTEM, data={"client": row.client_id})


def _open(stage: Stage, client: Client, base: dict[str, Decimal]) -> None:
    """Quarters of one client: the balance of the last year end, a little grown; one is off by 0.01 万元."""
    client.refresh_from_db()
    today = stage.now.astimezone(clock.SHANGHAI).date()
    ends = [end_of_month(year, month) for year in (today.year - 1, today.year) for month in (3, 6, 9)]
    ends = [end for end in ends if end < today - timedelta(days=15)][-2:]
    opening = {code: value for code, value in base.items() if BY_CODE[code].form == BALANCE}
    for turn, end in enumerate(ends):
        with stage.days_ago(3 - turn * 2):
            row = statement_create(
                client=client,
                scope=Statement.Scope.PARENT,
                period_end=end,
                months=end.month,
                unit=Statement.Unit.WAN,
                decimals=4,
                source=Statement.Source.PORTAL,
                received_on=clock.today(),
                by=client.owner,
            )
            closing = {code: value.quantize(Decimal(1)) for code, value in opening.items()}
            closing = {code: value for code, value in closing.items() if not BY_CODE[code].is_total}
            for code, parts in {"A105": 1030, "A109": 1045, "L105": 1024, "L101": 1060}.items():
                closing[code] = (closing[code] * (parts + turn * 25) / 1000).quantize(Decimal(1))
            total = sum((value for code, value in closing.items() if code[0] == "A"), Decimal(0))
            closing["E108"] += total - sum((value for code, value in closing.items() if code[0] != "A"), Decimal(0))
            if turn:
                closing = complete_totals(closing)
                closing["A199"] += 100
            given = [(code, BY_CODE[code].columns[0], value) for code, value in closing.items()]
            if not turn:
                # The opening figures were restated: a warning with its reason.
                given += [(code, BY_CODE[code].columns[1], value) for code, value in _restated(opening).items()]
            row = statement_save(statement=row, figures=given, expected_version=row.version, by=client.owner)
            if not turn:
                version = row.version
                statement_check(statement=row, reasons=[RESTATED], expected_version=version, by=client.owner)


def _restated(opening: dict[str, Decimal]) -> dict[str, Decimal]:
    parts = {code: value for code, value in opening.items() if not BY_CODE[code].is_total}
    return {**parts, "A105": parts["A105"] - 50 * WAN, "A109": parts["A109"] + 50 * WAN}


demo.register(make_statements, order=98)
