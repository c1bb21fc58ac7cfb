"""The tests of a draw-down (rules-2 8.4, 8.5), each a line with its figures. Pure; yuan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal, localcontext

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Check:
    """One test. `most`: the most that could be drawn now as far as this test goes; None where it limits no amount."""

    code: str
    passed: bool
    most: Decimal | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Position:
    """Where a contract stands on the day. `capital` None: the project has none to be paid in."""

    day: date
    signed_on: date
    available_until: date
    amount: Decimal
    approved: Decimal
    drawn: Decimal
    repaid: Decimal
    capital: Decimal | None
    capital_paid: Decimal
    open_conditions: tuple[str, ...]
    open_reds: int
    is_revolving: bool = False

    @property
    def used(self) -> Decimal:
        """What counts against the contract: all that was drawn; of a revolving limit what is not paid back."""
        return self.drawn - self.repaid if self.is_revolving else self.drawn


@dataclass(frozen=True)
class Payment:
    """A payment to one payee on a day. Payees are the same by name."""

    day: date
    payee: str
    amount: Decimal
    is_entrusted: bool = True


def most_by_capital(*, amount: Decimal, capital: Decimal, paid: Decimal, drawn: Decimal) -> Decimal:
    """`amount × min(paid, capital) / capital − drawn`, rounded down to the fen, not below zero."""
    with localcontext(prec=60):
        most = (amount * min(paid, capital) / capital).quantize(FEN, rounding=ROUND_DOWN)
    return max(ZERO, most - drawn)


def sum_to_payee(payee: str, on: date, payments: Iterable[Payment], days: int) -> Decimal:
    """What one payee receives in the last `days` calendar days including `on`."""
    since = on - timedelta(days=days - 1)
    return sum((row.amount for row in payments if row.payee == payee and since <= row.day <= on), ZERO)


def must_be_entrusted(
    asked: Sequence[Payment], earlier: Iterable[Payment], *, threshold: Decimal, days: int
) -> tuple[str, ...]:
    """Payees above the threshold ("超过": exactly the threshold may be paid by the borrower), whatever their split."""
    known = [*earlier, *asked]
    over = (row.payee for row in asked if sum_to_payee(row.payee, row.day, known, days) > threshold)
    return tuple(dict.fromkeys(over))


def check_draw(
    position: Position,
    asked: Sequence[Payment],
    earlier: Iterable[Payment],
    *,
    threshold: Decimal,
    days: int,
) -> list[Check]:
    """All tests of one request, in the order of the sheet."""
    request = sum((row.amount for row in asked), ZERO)
    by_contract = max(ZERO, position.amount - position.used)
    by_limit = max(ZERO, position.approved - position.used)
    checks = [
        Check("conditions", not position.open_conditions, names=position.open_conditions),
        Check("period", position.signed_on <= position.day <= position.available_until),
        Check("amount", request <= by_contract, by_contract),
        Check("limit", request <= by_limit, by_limit),
    ]
    if position.capital:
        by_capital = most_by_capital(
            amount=position.amount, capital=position.capital, paid=position.capital_paid, drawn=position.used
        )
        checks.append(Check("capital", request <= by_capital, by_capital))
    compulsory = must_be_entrusted(asked, earlier, threshold=threshold, days=days)
    own = {row.payee for row in asked if not row.is_entrusted}
    wrong = tuple(name for name in compulsory if name in own)
    return [*checks, Check("entrusted", not wrong, names=wrong), Check("freeze", position.open_reds == 0)]
