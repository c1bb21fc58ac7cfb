"""What must hold inside a statement set and between it and its predecessors (rules-2 2.6), with the figures named.

Pure: values in yuan by code for each of the two columns. A difference that is not zero is always told; whether it is
rounding, a warning that needs a reason, or an error follows from the unit of the source and from total assets.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from clients.statements.rules.lines import (
    BALANCE,
    CASH,
    CURRENT,
    INCOME,
    LINES,
    NOTES,
    PRIOR,
    TOTALS,
    ZERO,
    Line,
    count_figures,
    forms_present,
    sum_line,
)

Values = Mapping[str, Decimal]
HARD, SOFT, INFO = "hard", "warning", "info"
ROUNDING, NOTE, WARNING, ERROR = "rounding", "info", "warning", "error"
LEAST_TOLERANCE = Decimal("1.00")
SHARE_OF_ASSETS = Decimal("0.001")
DEBT_GAP = Decimal("0.2")
DIVIDEND_SHARE = Decimal("0.01")
GEARING = Decimal(2)

# The number of each total's identity: rules-2 2.6.
NUMBERS = {
    "A199": "I1", "A299": "I2", "A999": "I3", "L199": "I4", "L299": "I5", "L999": "I6", "E198": "I6", "E999": "I6",
    "T999": "I6", "P20": "I8", "P30": "I9", "P40": "I10", "C09": "I12", "C19": "I13", "C20": "I13", "C29": "I14",
    "C39": "I14", "C40": "I14", "C49": "I15", "C59": "I15", "C60": "I15", "C80": "I16", "C90": "I16",
}  # fmt: skip
INTEREST_BEARING = ("L101", "L112", "L201", "L202", "L203", "L204", "M06")
# Cash lines that are balances of inflow and outflow, so below zero without anything being wrong.
NET_LINES = frozenset({"C20", "C40", "C60", "C70", "C80", "C23", "C24", "C33"})
# Equity may be below zero: losses, other comprehensive income.
MAY_BE_NEGATIVE = frozenset({"E105", "E108", "E198", "E190", "E999", "T999"})


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold: `stated` is printed, `expected` follows from the rest.

    `key` names it for its reason.
    `lines`: of a comparison line by line, (code, stated, expected) of each that differs.
    """

    number: str
    code: str
    column: int
    severity: str
    stated: Decimal
    expected: Decimal
    tolerance: Decimal = ZERO
    lines: tuple[tuple[str, Decimal, Decimal], ...] = field(default=())

    @property
    def key(self) -> str:
        """`I3:A999:0`: the same for the same finding in every check."""
        return f"{self.number}:{self.code}:{self.column}"

    @property
    def difference(self) -> Decimal:
        """What is stated less what is expected."""
        return self.stated - self.expected

    @property
    def needs_reason(self) -> bool:
        """Whether the set is checked only with a reason."""
        return self.severity == WARNING


@dataclass(frozen=True)
class StatementSet:
    """The figures of one set: values by code for this period and for the column beside it, and the set's terms."""

    current: Values
    prior: Values
    ulp: Decimal
    months: int
    scope: str = "parent"

    def column(self, place: int) -> Values:
        """The values of a column."""
        return self.prior if place == PRIOR else self.current


def tolerance(ulp: Decimal, figures: int) -> Decimal:
    """What rounding of the source may add up to: max(1.00, half its smallest decimal place times the figures)."""
    return max(LEAST_TOLERANCE, Decimal("0.5") * ulp * figures)


def judge(difference: Decimal, allowed: Decimal, assets: Decimal | None, kind: str = HARD) -> str | None:
    """How bad a difference is; None when there is none. Without total assets nothing above the tolerance is small."""
    size = abs(difference)
    if size == 0:
        return None
    if size <= allowed:
        return ROUNDING
    if kind != HARD:
        return WARNING if kind == SOFT else NOTE
    return WARNING if assets is not None and size <= SHARE_OF_ASSETS * abs(assets) else ERROR


def check_set(
    given: StatementSet, *, last_year_end: Values | None = None, same_months_last_year: Values | None = None
) -> list[Finding]:
    """Every finding of a set, hard identities first. The two predecessors: this period's column of the confirmed sets
    of last 31 December and of the same months last year, None where there is none.
    """
    findings = [*_hard(given), *_cash(given), *_rolls(given), *_signs(given)]
    if last_year_end is not None:
        findings += _opening(given, last_year_end)
    if same_months_last_year is not None and given.months:
        findings += _comparative(given, same_months_last_year)
    return findings


def blocks(findings: Iterable[Finding]) -> list[Finding]:
    """Those with which a set cannot be checked."""
    return [finding for finding in findings if finding.severity == ERROR]


def lacks_reason(findings: Iterable[Finding], reasons: Iterable[str]) -> list[Finding]:
    """Warnings whose key has no reason yet."""
    told = frozenset(reasons)
    return [finding for finding in findings if finding.needs_reason and finding.key not in told]


def _finding(
    given: StatementSet,
    number: str,
    code: str,
    column: int,
    figures: int,
    kind: str,
    *pair: Decimal,
) -> Iterator[Finding]:
    stated, expected = pair
    allowed = tolerance(given.ulp, figures)
    severity = judge(stated - expected, allowed, given.column(column).get("A999"), kind)
    if severity is not None:
        yield Finding(number, code, column, severity, stated, expected, allowed)


def _hard(given: StatementSet) -> Iterator[Finding]:
    for column in (CURRENT, PRIOR):
        values = given.column(column)
        for line in TOTALS:
            if line.code in values:
                pair = (values[line.code], sum_line(line, values))
                yield from _finding(given, NUMBERS[line.code], line.code, column, count_figures(line), HARD, *pair)
        if "A999" in values or "T999" in values:
            sides = (values.get("A999", ZERO), values.get("T999", ZERO))
            yield from _finding(given, "I7", "T999", column, 3, HARD, *sides)
        for number, total, parts in (
            ("I11", "P40", ("P43", "P44")),
            ("I10", "P40", ("P41", "P42")),
            ("I10", "P60", ("P40", "P50")),
        ):
            if total in values and any(code in values for code in parts if code != "P40"):
                expected = sum((values.get(code, ZERO) for code in parts), ZERO)
                code = total if number == "I11" or total == "P60" else parts[0]
                yield from _finding(given, number, code, column, 3, HARD, values[total], expected)


def _cash(given: StatementSet) -> Iterator[Finding]:
    """I17: the cash flow ends with the cash of the balance sheet."""
    values = given.current
    if "C90" in values and "A101" in values:
        expected = values["A101"] - values.get("M03", ZERO)
        yield from _finding(given, "I17", "C90", CURRENT, 3, SOFT, values["C90"], expected)


def _rolls(given: StatementSet) -> Iterator[Finding]:
    """I19: retained profit moves by the profit and what was distributed; I20: debt moves by what was borrowed."""
    now, before = given.current, given.prior
    kept = ("E107", "E108")
    if all(code in now and code in before for code in kept) and ("P43" in now or "P40" in now):
        profit = now.get("P43", now.get("P40", ZERO))
        moved = sum((now[code] - before[code] for code in kept), ZERO)
        allowed = tolerance(given.ulp, 5)
        rest = moved - profit
        lowest = -max(profit, ZERO) - max(before["E108"], ZERO)
        if rest > allowed or rest < lowest - allowed:
            bound = profit if rest > 0 else profit + lowest
            yield Finding("I19", "E108", CURRENT, WARNING, moved, bound, allowed)
    if "C42" in now or "C51" in now:
        debt, former = _debt(now), _debt(before)
        moved, paid = debt - former, now.get("C42", ZERO) - now.get("C51", ZERO)
        if before and debt > 0 and abs(moved - paid) > DEBT_GAP * debt:
            yield Finding("I20", "L201", CURRENT, NOTE, moved, paid, DEBT_GAP * debt)


def _debt(values: Values) -> Decimal:
    return sum((values.get(code, ZERO) for code in INTEREST_BEARING), ZERO) - values.get("M05", ZERO)


def _signs(given: StatementSet) -> Iterator[Finding]:
    """I22: figures that cannot be below zero, more restricted cash than cash, gearing above two."""
    for column in (CURRENT, PRIOR):
        values = given.column(column)
        for line in LINES:
            value = values.get(line.code)
            if value is not None and value < 0 and not _may_be_negative(line):
                yield Finding("I22", line.code, column, WARNING, value, ZERO)
    now = given.current
    if "M03" in now and "A101" in now and now["A101"] < now["M03"]:
        yield Finding("I22", "M03", CURRENT, WARNING, now["M03"], now["A101"])
    assets, debts = now.get("A999"), now.get("L999")
    if assets is not None and debts is not None and debts > 0 and debts > GEARING * assets:
        yield Finding("I22", "L999", CURRENT, WARNING, debts, GEARING * assets)


def _may_be_negative(line: Line) -> bool:
    if line.form == INCOME:
        # Revenue is natural-positive; a reversal shows on it as a warning, as interest expense does.
        return line.code not in {"P01", "P02", "P071"}
    return line.code in NET_LINES or line.code in MAY_BE_NEGATIVE


def _opening(given: StatementSet, former: Values) -> Iterator[Finding]:
    """I18: the opening column is the closing one of last year end, line by line; opening cash is its closing cash."""
    yield from _compare(given, "I18", "A999", given.prior, former, (BALANCE,))
    if "C81" in given.current and "C90" in former:
        yield from _finding(given, "I18", "C81", CURRENT, 2, SOFT, given.current["C81"], former["C90"])


def _comparative(given: StatementSet, former: Values) -> Iterator[Finding]:
    """I21: the comparative figures are those of last year's confirmed set of the same months."""
    yield from _compare(given, "I21", "P01", given.prior, former, (INCOME, CASH))


def _compare(
    given: StatementSet, number: str, code: str, printed: Values, former: Values, forms: tuple[str, ...]
) -> Iterator[Finding]:
    allowed = tolerance(given.ulp, 2)
    both = forms_present(printed) & forms_present(former) & frozenset(forms)
    differing = tuple(
        (line.code, printed.get(line.code, ZERO), former.get(line.code, ZERO))
        for line in LINES
        if line.form in both and line.form != NOTES
        if not line.is_memo or (line.code in printed and line.code in former)
        if abs(printed.get(line.code, ZERO) - former.get(line.code, ZERO)) > allowed
    )
    if differing:
        _, stated, expected = max(differing, key=lambda found: abs(found[1] - found[2]))
        yield Finding(number, code, PRIOR, WARNING, stated, expected, allowed, differing)
