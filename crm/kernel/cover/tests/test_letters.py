"""What a letter of cover may say: vectors and laws of rules-2 7.2, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.cover.rules.letters import Term, are_toxic, effective_amount, find_clash, last_allowed
from crm.kernel.people.roles import Role

DAY = date(2026, 12, 1)
YUAN = st.none() | st.decimals(min_value=1, max_value=10**10, places=2)
TERMS = st.builds(
    lambda person, deputy, first, days: Term(
        person, deputy, DAY + timedelta(days=first), DAY + timedelta(days=first + days)
    ),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 9),
    st.integers(0, 5),
).filter(lambda term: term.person != term.deputy)


@pytest.mark.parametrize(
    ("delegator", "ceiling", "post", "amount"),
    [
        ("150000000", "50000000", "80000000", "50000000"),
        ("150000000", "100000000", "80000000", "80000000"),
        ("20000000", "50000000", "80000000", "20000000"),
        (None, "50000000", None, "50000000"),
        (None, None, None, None),
    ],
)
def test_the_smallest_of_three_amounts_counts(
    delegator: str | None, ceiling: str | None, post: str | None, amount: str | None
) -> None:
    given_amounts = [None if text is None else Decimal(text) for text in (delegator, ceiling, post)]
    assert effective_amount(*given_amounts) == (None if amount is None else Decimal(amount))


@given(YUAN, YUAN, YUAN)
def test_nobody_gains_by_a_letter(delegator: Decimal | None, ceiling: Decimal | None, post: Decimal | None) -> None:
    amount = effective_amount(delegator, ceiling, post)
    for limit in (delegator, ceiling, post):
        assert limit is None or (amount is not None and amount <= limit)


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        ((1, 3, 5, 9), "overlap"),
        ((2, 1, 0, 5), "circle"),
        ((2, 3, 10, 20), "deputy_away"),
        ((3, 1, 3, 4), "person_covers"),
        ((3, 2, 0, 20), ""),
        ((1, 3, 11, 20), ""),
    ],
)
def test_covers_that_cannot_stand_together(other: tuple[int, int, int, int], clash: str) -> None:
    asked = Term(1, 2, DAY, DAY + timedelta(days=10))
    person, deputy, first, last = other
    assert find_clash(asked, [Term(person, deputy, DAY + timedelta(days=first), DAY + timedelta(days=last))]) == clash


@given(st.lists(TERMS, max_size=12))
def test_what_was_let_in_one_by_one_makes_no_chain_on_any_day(asked: list[Term]) -> None:
    let_in: list[Term] = []
    for term in asked:
        if not find_clash(term, let_in):
            let_in.append(term)
    for day in range(20):
        now = [term for term in let_in if term.first <= DAY + timedelta(days=day) <= term.last]
        away = [term.person for term in now]
        assert len(away) == len(set(away))
        assert not set(away) & {term.deputy for term in now}


@given(TERMS, TERMS)
def test_two_covers_clash_whichever_came_first(one: Term, other: Term) -> None:
    assert bool(find_clash(one, [other])) is bool(find_clash(other, [one]))


@pytest.mark.parametrize(
    ("person", "deputy", "toxic"),
    [
        ({Role.FINAL_APPROVER}, {Role.ACCOUNT_MANAGER}, True),
        ({Role.ACCOUNT_MANAGER}, {Role.RECHECK_REVIEWER}, True),
        ({Role.FINAL_APPROVER}, {Role.SYSTEM_ADMIN}, True),
        ({Role.AUDITOR}, {Role.LEGAL}, True),
        ({Role.FINAL_APPROVER}, {Role.DEPARTMENT_HEAD}, False),
        ({Role.ACCOUNT_MANAGER}, {Role.ASSISTANT_INVESTIGATOR}, False),
        ({Role.SECURITY_ADMIN}, {Role.SECURITY_ADMIN}, False),
        ({Role.FINAL_APPROVER}, set(), False),
    ],
)
def test_roles_that_must_not_meet(person: set[str], deputy: set[str], toxic: bool) -> None:
    assert are_toxic(person, deputy) is toxic
    assert are_toxic(deputy, person) is toxic


def test_thirty_days_end_on_the_thirtieth() -> None:
    assert last_allowed(date(2026, 12, 1), 30) == date(2026, 12, 30)
