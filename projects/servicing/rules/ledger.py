"""What is owed and what payments cover, replayed from all draw-downs, instalments and payments (rules-2 8.6, 8.7).

Nothing is carried over from an earlier answer: the same draw-downs, instalments and payments give the same balances in
whatever order they were entered. Yuan, rates in percent a year. Sums between two roundings are exact fractions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from projects.servicing.rules.plan import ZERO, Dues, allocate

FEN = Decimal("0.01")
# Actual/360, in percent.
BASE = 36000
KINDS = ("interest", "compound", "penalty", "principal", "prepaid")


@dataclass(frozen=True)
class Draw:
    """Money paid out on its value date."""

    day: date
    amount: Decimal


@dataclass(frozen=True)
class Row:
    """An instalment: what falls due on a day; paid until `pay_by` (the next working day) it is in time.

    `per_year`: instalments a year inside equal payments, whose periods count as whole ones; None: actual/360.
    """

    due_on: date
    pay_by: date
    principal: Decimal
    per_year: int | None = None


@dataclass(frozen=True)
class Payment:
    """Money that came in on its value date. `key` is unique and orders the payments of one day."""

    day: date
    key: str
    amount: Decimal


@dataclass(frozen=True)
class Terms:
    """The rates of a contract: of the loan in percent a year, and what overdue principal costs on top, in percent."""

    rate: Decimal
    surcharge: Decimal = Decimal(50)
    switch: int = 90

    @property
    def late(self) -> Fraction:
        """The rate of overdue principal."""
        return Fraction(self.rate) * (100 + Fraction(self.surcharge)) / 100


@dataclass
class Line:
    """An instalment with what is owed and paid of it; interest of a day to come is what it will be if all goes on so.

    `is_due`: its day has come by the day of the answer.
    """

    row: Row
    principal: Decimal
    interest: Decimal = ZERO
    principal_paid: Decimal = ZERO
    interest_paid: Decimal = ZERO
    paid_on: date | None = None
    is_due: bool = False
    late: bool = False

    @property
    def principal_open(self) -> Decimal:
        return self.principal - self.principal_paid

    @property
    def interest_open(self) -> Decimal:
        return self.interest - self.interest_paid

    @property
    def open(self) -> Decimal:
        """What is unpaid of it."""
        return self.principal_open + self.interest_open


@dataclass
class Ledger:
    """Where a contract stands at the end of a day. `splits`: what each payment covered, by KINDS; `surplus` of all.

    `accrued`: interest that has run since the last due day and is not due yet.
    """

    on: date
    drawn: Decimal = ZERO
    repaid: Decimal = ZERO
    penalty: Decimal = ZERO
    compound: Decimal = ZERO
    surplus: Decimal = ZERO
    accrued: Decimal = ZERO
    lines: list[Line] = field(default_factory=list)
    splits: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    @property
    def outstanding(self) -> Decimal:
        """Principal that is not paid back."""
        return self.drawn - self.repaid

    @property
    def due(self) -> list[Line]:
        """Instalments whose day has come and that are not paid in full."""
        return [line for line in self.lines if line.is_due and line.open]

    @property
    def overdue(self) -> list[Line]:
        """Those that should have been paid before the day of the answer."""
        return [line for line in self.due if line.row.pay_by < self.on]

    @property
    def principal_due(self) -> Decimal:
        return sum((line.principal_open for line in self.due), ZERO)

    @property
    def interest_due(self) -> Decimal:
        return sum((line.interest_open for line in self.due), ZERO)

    @property
    def not_due(self) -> Decimal:
        """Principal whose day has not come."""
        return self.outstanding - self.principal_due

    @property
    def overdue_amount(self) -> Decimal:
        """Unpaid instalments past their day, without penalty and compound interest."""
        return sum((line.open for line in self.overdue), ZERO)

    @property
    def overdue_since(self) -> date | None:
        """The due day of the oldest of them."""
        return min((line.row.due_on for line in self.overdue), default=None)

    @property
    def days_overdue(self) -> int:
        since = self.overdue_since
        return (self.on - since).days if since else 0

    @property
    def owed(self) -> Decimal:
        """Everything to be paid by now, penalty and compound interest included."""
        return self.principal_due + self.interest_due + self.penalty + self.compound

    @property
    def payoff(self) -> Decimal:
        """What settles the contract today: all that is owed, the principal not yet due and its interest until today."""
        return self.owed + self.not_due + self.accrued

    @property
    def next_line(self) -> Line | None:
        """The first instalment to come."""
        return next((line for line in self.lines if not line.is_due and line.open), None)


def to_fen(amount: Fraction) -> Decimal:
    """Half up to the fen."""
    return Decimal(floor(amount * 100 + Fraction(1, 2))).scaleb(-2)


class _Book:
    """The state of the replay between two days."""

    def __init__(self, rows: Sequence[Row], terms: Terms, on: date) -> None:
        self.terms = terms
        self.rate = Fraction(terms.rate)
        self.found = Ledger(on, lines=[Line(row, row.principal) for row in rows])
        self.final = rows[-1].due_on if rows else date.max
        self.performing = ZERO
        self.accrued = Fraction(0)
        self.penalty = Fraction(0)
        self.compound = Fraction(0)
        self.penalty_paid = ZERO
        self.compound_paid = ZERO
        self.place = 0
        self.since: date | None = None

    def accrue(self, begin: date, end: date) -> None:
        """Interest of [begin, end), penalty and compound interest of what is past its last day."""
        days = (end - begin).days
        if self.performing and self.place < len(self.found.lines):
            row = self.found.lines[self.place].row
            if row.per_year and self.since and row.due_on > self.since:
                whole = (row.due_on - self.since).days
                self.accrued += Fraction(self.performing) * self.rate * days / (100 * row.per_year * whole)
            else:
                self.accrued += Fraction(self.performing) * self.rate * days / BASE
        if end > self.found.on:
            return
        for line in self.found.lines[: self.place]:
            if not line.open or end <= line.row.pay_by:
                continue
            late = (end - (begin if line.late else line.row.due_on)).days
            line.late = True
            self.penalty += Fraction(line.principal_open) * self.terms.late * late / BASE
            rate = self.terms.late if begin >= self.final else self.rate
            self.compound += Fraction(line.interest_open) * rate * late / BASE

    def fall_due(self, day: date) -> None:
        """The instalments of the day: their interest is rounded once; the last one takes all that is left."""
        lines = self.found.lines
        while self.place < len(lines) and lines[self.place].row.due_on == day:
            line = lines[self.place]
            is_last = self.place == len(lines) - 1
            line.principal = self.performing if is_last else min(line.principal, self.performing)
            line.interest = to_fen(self.accrued)
            line.is_due = day <= self.found.on
            self.performing -= line.principal
            self.accrued = Fraction(0)
            self.since = day
            self.place += 1

    @property
    def penalty_due(self) -> Decimal:
        return to_fen(self.penalty) - self.penalty_paid

    @property
    def compound_due(self) -> Decimal:
        return to_fen(self.compound) - self.compound_paid

    def pay(self, payment: Payment) -> None:
        """Cover what is due in the order of the delay; the rest is paid ahead; what is then left is surplus."""
        due = self.found.due
        dues = Dues(
            interest=sum((line.interest_open for line in due), ZERO),
            compound=self.compound_due,
            penalty=self.penalty_due,
            principal=sum((line.principal_open for line in due), ZERO),
        )
        days_late = (payment.day - min((line.row.due_on for line in due), default=payment.day)).days
        covered = allocate(payment.amount, dues, days_late=days_late, switch=self.terms.switch)
        self.penalty_paid += covered["penalty"]
        self.compound_paid += covered["compound"]
        self._cover(due, covered["interest"], covered["principal"], payment.day)
        prepaid, interest = self._pay_ahead(covered["rest"])
        self.found.surplus += covered["rest"] - prepaid - interest
        self.found.repaid += covered["principal"] + prepaid
        self.found.splits[payment.key] = {
            "interest": covered["interest"] + interest,
            "compound": covered["compound"],
            "penalty": covered["penalty"],
            "principal": covered["principal"],
            "prepaid": prepaid,
        }

    def _cover(self, due: list[Line], interest: Decimal, principal: Decimal, day: date) -> None:
        """The oldest first."""
        for line in due:
            part = min(interest, line.interest_open)
            line.interest_paid += part
            interest -= part
            part = min(principal, line.principal_open)
            line.principal_paid += part
            principal -= part
            if not line.open:
                line.paid_on = day

    def _pay_ahead(self, rest: Decimal) -> tuple[Decimal, Decimal]:
        """Principal not yet due with the interest accrued on it, at once; it shortens the plan from its end."""
        if not rest or not self.performing:
            return ZERO, ZERO
        accrued = to_fen(self.accrued)
        if rest >= self.performing + accrued:
            prepaid, interest = self.performing, accrued
            self.accrued = Fraction(0)
        else:
            share = Fraction(self.performing) / (Fraction(self.performing) + self.accrued)
            prepaid = min(Decimal(floor(Fraction(rest) * share * 100)).scaleb(-2), self.performing)
            interest = rest - prepaid
            self.accrued = max(Fraction(0), self.accrued - Fraction(interest))
        self.performing -= prepaid
        left = prepaid
        for line in reversed(self.found.lines[self.place :]):
            part = min(left, line.principal)
            line.principal -= part
            left -= part
        return prepaid, interest


def replay(
    *, draws: Iterable[Draw], rows: Sequence[Row], payments: Iterable[Payment], terms: Terms, on: date
) -> Ledger:
    """Where a contract stands at the end of `on`. `rows` in the order of their days; later events are left out.

    Instalments of days to come keep the interest that falls due on them as things stand.
    """
    given = sorted((one for one in draws if one.day <= on), key=lambda one: one.day)
    paid = sorted((one for one in payments if one.day <= on), key=lambda one: (one.day, one.key))
    book = _Book(rows, terms, on)
    days = {one.day for one in given} | {one.day for one in paid} | {on}
    days |= {row.due_on for row in rows} | {row.pay_by for row in rows if row.pay_by <= on}
    since: date | None = None
    for day in sorted(days):
        if since is not None:
            book.accrue(since, day)
        since = day
        for draw in given:
            if draw.day == day:
                book.performing += draw.amount
                book.found.drawn += draw.amount
                book.since = book.since or day
        book.fall_due(day)
        for payment in paid:
            if payment.day == day:
                book.pay(payment)
        if day == on:
            book.found.penalty, book.found.compound = book.penalty_due, book.compound_due
            book.found.accrued = to_fen(book.accrued) if book.performing else ZERO
    return book.found
