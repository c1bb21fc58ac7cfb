"""Ratios of a day out of a book of statements, each a number or one reason why there is none (rules-2 3)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from clients.statements.rules.formulas import DERIVED, RATIOS, Ratio, Reason
from clients.statements.rules.periods import (
    ARITHMETIC,
    FLOW,
    ZERO,
    Amount,
    Book,
    Gap,
    add_up,
    merge,
    usable,
    years_before,
)

# What stands beside BASE: what became of the loss of the year before (rules-2 3.2).
Detail = Literal["", "turned_profit", "loss_narrowed", "loss_widened", "loss_unchanged"]
DAYS = Decimal(360)


@dataclass(frozen=True)
class Term:
    """A figure of a formula as it was put in: the term, its sign and its amount."""

    name: str
    sign: int
    amount: Amount


@dataclass(frozen=True)
class Result:
    """A ratio of a day: a number (fraction, times, days or yuan, unrounded) or exactly one reason.

    `top` and `bottom` are the figures in the order of the formula; `flags` and `gaps` as in `periods`.
    """

    ratio: Ratio
    value: Decimal | None
    reason: Reason | None = None
    detail: Detail = ""
    flags: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    top: tuple[Term, ...] = ()
    bottom: tuple[Term, ...] = ()


def read_sum(formula: str) -> list[tuple[int, str]]:
    """The signed terms of a sum: `A199 - A109` as (1, "A199"), (-1, "A109")."""
    signed, sign = [], 1
    for word in formula.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
        else:
            signed.append((sign, word))
    return signed


class Reader:
    """Reads terms of formulas as of a day, each once."""

    def __init__(self, book: Book, day: date) -> None:
        self.book = book
        self.day = day
        self._read: dict[str, Amount] = {}

    def read(self, term: str) -> Amount:
        """A line, a derived amount, `avg:` or `prev:` of one, or `interest`."""
        if term not in self._read:
            self._read[term] = self._find(term)
        return self._read[term]

    def _find(self, term: str) -> Amount:
        if term.startswith("avg:"):
            return self.book.average(term.removeprefix("avg:"), self.day)
        if term.startswith("prev:"):
            return Reader(self.book, years_before(self.day)).read(term.removeprefix("prev:"))
        if term == "interest":
            return self._read_interest()
        if term in DERIVED:
            return add_up((sign, self.read(name)) for sign, name in read_sum(DERIVED[term]))
        if FLOW.fullmatch(term):
            return self.book.last_twelve_months(term, self.day)
        return self.book.balance(term, self.day)

    def _read_interest(self) -> Amount:
        """P071; where it is missing the finance cost if above 0, flagged: for EBIT only (rules-2 3.1)."""
        interest, cost = self.read("P071"), self.read("P07")
        if interest.value is None and cost.value is not None:
            return Amount(max(cost.value, ZERO), (*cost.flags, "approx"))
        return interest

    def put_in(self, formula: str) -> tuple[Term, ...]:
        """The terms of a sum with their amounts."""
        return tuple(Term(name, sign, self.read(name)) for sign, name in read_sum(formula))


def total_of(terms: Iterable[Term]) -> Amount:
    """The signed sum of the terms."""
    return add_up((term.sign, term.amount) for term in terms)


def work_out(book: Book, day: date) -> dict[str, Result]:
    """All ratios as of `day` by code. Never an exception whatever the figures; what is missing gives MISS."""
    reader, found = Reader(book, day), dict[str, Result]()
    for ratio in RATIOS:
        if ratio.kind == "cycle":
            found[ratio.code] = _cycle(ratio, found)
        elif ratio.kind == "growth":
            found[ratio.code] = _growth(ratio, reader)
        elif ratio.kind == "compound":
            found[ratio.code] = _compound(ratio, reader)
        else:
            found[ratio.code] = _quotient(ratio, reader)
    return found


def derive(book: Book, day: date) -> dict[str, Amount]:
    """The derived amounts of rules-2 3.1 as of `day` by code."""
    reader = Reader(book, day)
    return {code: reader.read(code) for code in DERIVED}


def _quotient(ratio: Ratio, reader: Reader) -> Result:
    top, bottom = reader.put_in(ratio.top), reader.put_in(ratio.bottom)
    over, under = total_of(top), total_of(bottom)
    both = merge(over, under, value=ZERO)
    blank = Result(ratio, None, None, flags=both.flags, gaps=both.gaps, top=top, bottom=bottom)
    if over.value is None or under.value is None or both.value is None:
        return replace(blank, reason="MISS")
    if ratio.kind == "amount":
        return replace(blank, value=over.value)
    if ratio.without_top is not None and over.value == 0:
        return replace(blank, value=Decimal(ratio.without_top))
    ends = [under.value]
    if ratio.both_ends:
        line = ratio.bottom.removeprefix("avg:")
        ends += [one.value for one in reader.book.ends(line, reader.day) if one.value is not None]
    if min(ends) < 0:
        return replace(blank, reason=ratio.negative)
    if min(ends) == 0:
        return replace(blank, reason=ratio.zero)
    return _settle(blank, ARITHMETIC.divide(over.value, under.value))


def _settle(blank: Result, value: Decimal) -> Result:
    """The result with its value, or without a basis when the value is beyond every number."""
    number = usable(value)
    return replace(blank, value=number, reason="NB" if number is None else None)


def _cycle(ratio: Ratio, found: dict[str, Result]) -> Result:
    """Days of receivables and inventory less days of payables; a part without a basis counts as 0 days."""
    parts = [(1, found["R13"]), (1, found["R14"]), (-1, found["R15"])]
    top = tuple(Term(part.ratio.code, sign, Amount(part.value, part.flags, part.gaps)) for sign, part in parts)
    flags = tuple(dict.fromkeys(flag for _, part in parts for flag in part.flags))
    gaps = tuple(dict.fromkeys(gap for _, part in parts for gap in part.gaps))
    blank = Result(ratio, None, flags=flags, gaps=gaps, top=top)
    if any(part.reason == "MISS" for _, part in parts):
        return replace(blank, reason="MISS")
    days = ZERO
    for sign, part in parts:
        if part.value is None:
            continue
        if part.value <= 0:
            return replace(blank, reason="NB")
        days = ARITHMETIC.add(days, ARITHMETIC.divide(DAYS * sign, part.value))
    if all(part.value is None for _, part in parts):
        return replace(blank, reason="NB")
    return _settle(blank, days)


def _growth(ratio: Ratio, reader: Reader) -> Result:
    top, bottom = reader.put_in(ratio.top), reader.put_in(f"prev:{ratio.top}")
    now, before = top[0].amount, bottom[0].amount
    both = merge(now, before, value=ZERO)
    blank = Result(ratio, None, flags=both.flags, gaps=both.gaps, top=top, bottom=bottom)
    if now.value is None or before.value is None:
        return replace(blank, reason="MISS")
    if before.value <= 0:
        return replace(blank, reason="BASE", detail=_compare_losses(before.value, now.value))
    return _settle(blank, ARITHMETIC.subtract(ARITHMETIC.divide(now.value, before.value), Decimal(1)))


def _compare_losses(before: Decimal, now: Decimal) -> Detail:
    if now > 0:
        return "turned_profit"
    if now == before:
        return "loss_unchanged"
    return "loss_narrowed" if now > before else "loss_widened"


def _compound(ratio: Ratio, reader: Reader) -> Result:
    """Yearly growth over three years, or over two or one (flagged) where the earlier figure is missing."""
    top = reader.put_in(ratio.top)
    now, earlier = top[0].amount, [Amount(None)]
    for years in (3, 2, 1):
        before = Reader(reader.book, years_before(reader.day, years)).read(ratio.top)
        if before.value is not None:
            break
        earlier.append(before)
    flags = () if years == 3 else (f"n={years}",)
    bottom = (Term(f"prev{years}:{ratio.top}", 1, before),)
    both = merge(now, before, value=ZERO)
    blank = Result(ratio, None, flags=(*both.flags, *flags), gaps=both.gaps, top=top, bottom=bottom)
    if now.value is None or before.value is None:
        return replace(blank, reason="MISS", flags=both.flags)
    if before.value <= 0:
        return replace(blank, reason="BASE", detail=_compare_losses(before.value, now.value))
    if now.value < 0:
        # Sales below 0 have no root; a broken figure never counts as growth [D].
        return replace(blank, reason="BAD")
    whole = ARITHMETIC.divide(now.value, before.value)
    if years > 1:
        whole = ARITHMETIC.power(whole, ARITHMETIC.divide(Decimal(1), Decimal(years)))
    return _settle(blank, ARITHMETIC.subtract(whole, Decimal(1)))
