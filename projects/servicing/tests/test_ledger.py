"""The ledger of a contract: vectors of rules-2 8.10, and its laws: any order, nothing lost, nothing below zero."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from projects.servicing.rules.ledger import Draw, Ledger, Payment, Row, Terms, replay
from projects.servicing.rules.plan import ZERO, plan_repayment

TERMS = Terms(Decimal("4.10"))
START = date(2025, 3, 5)
MILLION = Decimal(1_000_000)


def rows_of(*rows: tuple[date, Decimal | int]) -> list[Row]:
    return [Row(day, day, Decimal(principal)) for day, principal in rows]


def stand(rows: list[Row], payments: list[Payment], on: date, draws: list[Draw] | None = None) -> Ledger:
    drawn = draws or [Draw(START, sum((row.principal for row in rows), ZERO))]
    return replay(draws=drawn, rows=rows, payments=payments, terms=TERMS, on=on)


def test_interest_of_the_vector_falls_due_with_each_instalment() -> None:
    rows = rows_of((date(2025, 3, 21), 0), (date(2025, 6, 21), 0), (date(2026, 3, 21), 10_000_000))
    found = stand(rows, [], date(2025, 6, 21))
    assert [line.interest for line in found.lines[:2]] == [Decimal("18222.22"), Decimal("104777.78")]
    assert (found.interest_due, found.principal_due) == (Decimal("123000.00"), 0)
    assert [line.row.due_on for line in found.overdue] == [date(2025, 3, 21)]
    assert found.next_line is found.lines[2] and found.days_overdue == 92


def test_what_is_late_costs_the_penalty_of_the_vector_and_is_covered_after_the_interest() -> None:
    day, last = date(2026, 3, 31), date(2030, 3, 31)
    rows = rows_of((day, 500_000), (last, 1_000_000))
    drawn = [Draw(day - timedelta(days=1), Decimal(1_500_000))]
    found = stand(rows, [], date(2026, 5, 30), drawn)
    assert found.penalty == Decimal("5125.00")
    one_day = Decimal("170.83")
    assert (found.lines[0].interest, found.overdue_amount) == (one_day, 500_000 + one_day)
    paid = stand(rows, [Payment(date(2026, 5, 30), "A", Decimal(400_000))], date(2026, 5, 30), drawn)
    split = paid.splits["A"]
    assert (split["interest"], split["penalty"]) == (one_day, Decimal("5125.00"))
    assert split["principal"] == 400_000 - sum(split[name] for name in ("interest", "compound", "penalty"))
    late = stand(rows, [Payment(date(2026, 6, 30), "A", Decimal(400_000))], date(2026, 6, 30), drawn)
    assert late.splits["A"]["principal"] == 400_000, "after 90 days the principal comes first"


def test_a_day_off_moves_the_payment_but_not_the_interest() -> None:
    saturday, monday = date(2025, 6, 21), date(2025, 6, 23)
    rows = [Row(saturday, monday, MILLION), *rows_of((date(2026, 6, 21), 9_000_000))]
    assert stand(rows, [], monday).overdue == [] and stand(rows, [], monday).penalty == 0
    late = stand(rows, [], monday + timedelta(days=1))
    assert late.penalty == Decimal("512.50"), "three days of 6.15 % from the due day"


def test_what_is_paid_ahead_carries_its_interest_and_shortens_the_plan_from_its_end() -> None:
    rows = rows_of((date(2026, 3, 5), MILLION), (date(2027, 3, 5), MILLION))
    found = stand(rows, [Payment(date(2025, 9, 5), "A", MILLION)], date(2025, 9, 5))
    split = found.splits["A"]
    assert split["interest"] + split["prepaid"] == MILLION and split["interest"] > 0
    assert found.lines[1].principal == MILLION - split["prepaid"] and found.lines[0].principal == MILLION
    full = stand(rows, [Payment(date(2025, 3, 5), "A", 2 * MILLION + 1)], date(2026, 3, 5))
    assert (full.outstanding, full.surplus, full.owed) == (0, 1, 0)


EVENTS = st.lists(st.tuples(st.integers(0, 1500), st.decimals("0.01", "3000000", places=2)), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    events=EVENTS, order=st.randoms(), months=st.sampled_from([1, 3, 6]), grace=st.integers(0, 3), level=st.booleans()
)
def test_any_order_of_back_dated_entries_gives_the_same_balances(
    events: list[tuple[int, Decimal]], order: object, months: int, grace: int, level: bool
) -> None:
    amount = Decimal("8000000.00")
    days = [START + timedelta(days=30 * months * place) for place in range(1, 9)]
    kind = "equal_payment" if level else "equal_principal"
    plan = plan_repayment(
        amount,
        start=START,
        days=days,
        rate=TERMS.rate,
        kind=kind,
        per_year=12 // months,
        grace=grace,  # type: ignore[arg-type]
    )
    per_year = 12 // months if level else None
    rows = [Row(one.due_on, one.due_on + timedelta(days=2), one.principal, per_year) for one in plan]
    payments = [Payment(START + timedelta(days=day), f"{place:03d}", sum_) for place, (day, sum_) in enumerate(events)]
    mixed = list(payments)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    on = START + timedelta(days=1600)
    draws = [Draw(START, amount)]
    found = replay(draws=draws, rows=rows, payments=payments, terms=TERMS, on=on)
    assert found == replay(draws=draws, rows=rows, payments=mixed, terms=TERMS, on=on)
    # Nothing is lost: every fen of a payment is in its split, or surplus once all is paid.
    assert sum(sum(split.values()) for split in found.splits.values()) + found.surplus == sum(
        one.amount for one in payments
    )
    assert not found.surplus or found.outstanding == 0
    # Nothing is below zero, and principal is conserved to the fen.
    assert min(value for split in found.splits.values() for value in split.values()) >= 0
    assert 0 <= found.repaid <= amount and min(found.penalty, found.compound) >= 0
    assert all(line.principal_open >= 0 <= line.interest_open for line in found.lines)
    assert (
        sum((line.principal for line in found.lines), ZERO)
        + sum((split["prepaid"] for split in found.splits.values()), ZERO)
        == amount
    )
    assert found.repaid == sum(split["principal"] + split["prepaid"] for split in found.splits.values())
