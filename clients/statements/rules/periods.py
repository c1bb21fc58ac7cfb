"""Quarter, last twelve months and averages of cumulative statements, rules-2 2.7. Yuan; nothing missing is guessed."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import cached_property

from clients.statements.rules.lines import TOTALS, ZERO, Term

# Wide enough that sums of amounts are exact and quotients are cut far behind what anybody reads. No trap: what cannot
# be calculated is not finite, and `usable` turns that into nothing.
ARITHMETIC = Context(prec=50, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])

# Lines of the income and cash-flow statements and the notes that belong to a year, cumulative from 1 January.
FLOW = re.compile(r"[PC]\d+|M01|M02|M09")

# Totals with their signed parts, for `fill_blanks`; profit is split between owners and minorities besides.
BLOCKS: tuple[tuple[str, tuple[Term, ...]], ...] = (
    *((line.code, line.terms) for line in TOTALS),
    ("P40", ((1, "P43"), (1, "P44"))),
)
# A note about a part of a line is 0 where the whole lines are 0; otherwise an empty note is missing.
PARTS_OF = {"M05": ("L204",), "M06": ("L110", "L113"), "M07": ("A213",), "M08": ("E102",)}


@dataclass(frozen=True)
class Gap:
    """An input that is not there: its line and day, and whether a set of that day exists."""

    line: str
    day: date
    has_set: bool


@dataclass(frozen=True)
class Amount:
    """A figure with how it came about, or nothing and what is missing for it. Flags: `from_comparative` (a column of
    a later set), `avg=year_open`, `avg=end_only` (rules-2 2.7), `approx` (rules-2 3.1), `n=2`, `n=1` (rules-2 3.3).
    """

    value: Decimal | None
    flags: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Figures:
    """One set: four columns of line code to yuan. Its year begins on 1 January, flows are cumulative from there.

    `ulp` is the smallest decimal place of the source in yuan. An empty line is absent, not 0.
    """

    period_end: date
    scope: str = "consolidated"
    currency: str = "CNY"
    ulp: Decimal = Decimal("0.01")
    closing: Mapping[str, Decimal] = field(default_factory=dict)
    opening: Mapping[str, Decimal] = field(default_factory=dict)
    ytd: Mapping[str, Decimal] = field(default_factory=dict)
    comparative: Mapping[str, Decimal] = field(default_factory=dict)


def usable(value: Decimal) -> Decimal | None:
    """The value if it is a number; None for what is not finite."""
    return value if value.is_finite() else None


def merge(*amounts: Amount, value: Decimal | None) -> Amount:
    """`value` with the flags of all parts; nothing when a part is missing."""
    flags = tuple(dict.fromkeys(flag for amount in amounts for flag in amount.flags))
    gaps = tuple(dict.fromkeys(gap for amount in amounts for gap in amount.gaps))
    if gaps or any(amount.value is None for amount in amounts):
        value = None
    return Amount(value if value is None else usable(value), flags, gaps)


def add_up(terms: Iterable[tuple[int, Amount]]) -> Amount:
    """The signed sum of the terms; nothing when one of them is missing."""
    listed = list(terms)
    total = ZERO
    for sign, amount in listed:
        if amount.value is not None:
            total = ARITHMETIC.add(total, amount.value if sign > 0 else -amount.value)
    return merge(*(amount for _, amount in listed), value=total)


def end_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def years_before(day: date, years: int = 1) -> date:
    """The end of the same month, `years` earlier."""
    return end_of_month(max(day.year - years, 1), day.month)


def last_year_end(day: date) -> date:
    """31 December before the year of `day`."""
    return end_of_month(max(day.year - 1, 1), 12)


def fill_blanks(lines: Mapping[str, Decimal], *, ulp: Decimal, scope: str) -> dict[str, Decimal]:
    """The lines, with 0 in the blank ones that must be 0: the filled ones make up their total.

    A form leaves lines blank that the firm does not have. That a blank is 0 is not assumed but shown: the filled
    lines equal the total within `max(1.00, 0.5 × ulp × count)` of rules-2 2.6. Without minorities, the parent's
    figures are the whole.
    """
    filled = {code: value for code, value in lines.items() if value.is_finite()}
    if scope == "parent" and "E999" in filled and "E198" not in filled:
        filled["E198"] = filled["E999"]
    if scope == "parent" and "P40" in filled and "P43" not in filled:
        filled["P43"] = filled["P40"]
    for total, signed in BLOCKS:
        there = [(sign, Amount(filled[code])) for sign, code in signed if code in filled]
        if total not in filled or not there:
            continue
        tolerance = max(Decimal(1), ulp * (len(there) + 1) / 2)
        difference = add_up([*there, (-1, Amount(filled[total]))]).value
        if difference is not None and abs(difference) <= tolerance:
            filled.update({code: ZERO for _, code in signed if code not in filled})
    return filled | {
        note: ZERO
        for note, wholes in PARTS_OF.items()
        if note not in filled and all(filled.get(whole) == ZERO for whole in wholes)
    }


class Book:
    """All sets of one client, scope and currency, asked by line and day.

    A set of the day itself comes first; the opening and comparative columns of a later set serve only where it is
    missing (flag `from_comparative`). ValueError: scopes or currencies mixed, or two sets of one day.
    """

    def __init__(self, sets: Iterable[Figures]) -> None:
        listed = sorted(sets, key=lambda one: one.period_end)
        if len({(one.scope, one.currency) for one in listed}) > 1:
            raise ValueError("a ratio never mixes scopes or currencies")
        self.sets = {one.period_end: one for one in listed}
        if len(self.sets) < len(listed):
            raise ValueError("two sets of one day")
        self.scope = listed[0].scope if listed else ""

    @cached_property
    def _columns(self) -> dict[tuple[str, date], tuple[Mapping[str, Decimal], tuple[str, ...]]]:
        """The column of `balance` or `flow` that stands for a day, with its flags."""
        found: dict[tuple[str, date], tuple[Mapping[str, Decimal], tuple[str, ...]]] = {}
        for one in self.sets.values():
            later = (
                ("balance", last_year_end(one.period_end), one.opening),
                ("flow", years_before(one.period_end), one.comparative),
            )
            for kind, day, column in later:
                if column and day not in self.sets and (kind, day) not in found:
                    found[kind, day] = self._fill(one, column), ("from_comparative",)
            found["balance", one.period_end] = self._fill(one, one.closing), ()
            found["flow", one.period_end] = self._fill(one, one.ytd), ()
        return found

    def _fill(self, one: Figures, column: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
        return fill_blanks(column, ulp=one.ulp, scope=one.scope)

    def _read(self, kind: str, line: str, day: date) -> Amount:
        column, flags = self._columns.get((kind, day), ({}, ()))
        if line in column:
            return Amount(column[line], flags)
        return Amount(None, gaps=(Gap(line, day, has_set=day in self.sets),))

    def balance(self, line: str, day: date) -> Amount:
        """A line of the balance sheet of `day`."""
        return self._read("balance", line, day)

    def year_to_date(self, line: str, day: date) -> Amount:
        """A flow from 1 January to `day`."""
        return self._read("flow", line, day)

    def quarter(self, line: str, day: date) -> Amount:
        """A flow of the three months that end on `day`: YTD(q) − YTD(q−1)."""
        whole = self.year_to_date(line, day)
        if day.month <= 3:
            return whole
        return add_up([(1, whole), (-1, self.year_to_date(line, end_of_month(day.year, day.month - 3)))])

    def last_twelve_months(self, line: str, day: date) -> Amount:
        """A flow of the year that ends on `day`: YTD + last year − YTD of the same months last year."""
        whole = self.year_to_date(line, day)
        if day.month == 12:
            return whole
        last = self.year_to_date(line, last_year_end(day))
        return add_up([(1, whole), (1, last), (-1, self.year_to_date(line, years_before(day)))])

    def ends(self, line: str, day: date) -> list[Amount]:
        """The two balances whose mean is the average of the twelve months before `day`, with the flag that says so
        when the earlier one is that of the opening of the year, or the closing alone when nothing earlier is there.
        """
        closing, before = self.balance(line, day), years_before(day)
        earlier = self.balance(line, before)
        if earlier.value is not None and before in self.sets:
            return [closing, earlier]
        opening = self.balance(line, last_year_end(day))
        if opening.value is not None:
            return [closing, Amount(opening.value, (*opening.flags, "avg=year_open"))]
        return [Amount(closing.value, (*closing.flags, "avg=end_only"), closing.gaps)]

    def average(self, line: str, day: date) -> Amount:
        """The average of a line of the balance sheet over the twelve months before `day`."""
        ends = self.ends(line, day)
        total = add_up([(1, amount) for amount in ends])
        if total.value is None:
            return total
        return merge(*ends, value=ARITHMETIC.divide(total.value, Decimal(len(ends))))
