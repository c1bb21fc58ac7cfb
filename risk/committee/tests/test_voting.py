"""The committee's arithmetic: the vectors of rules-2 7.1, and what must hold for every count of votes."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.committee.rules.voting import (
    AGAINST,
    FOR,
    FOR_WITH_CONDITION,
    KINDS,
    RECONSIDER,
    YES,
    Rules,
    Share,
    count_votes,
    has_quorum,
    has_seats,
)

RULES = Rules(fewest_seats=5, fewest_present=5, quorum=Share(2, 3), majority=Share(2, 3))


def count(seats, *, first=True, **votes):
    """The result of so many votes of each kind."""
    cast = [kind for kind, times in votes.items() for _nth in range(times)]
    names = {"yes": FOR, "conditional": FOR_WITH_CONDITION, "again": RECONSIDER, "no": AGAINST}
    return count_votes(
        [names[kind] for kind in cast], seats=seats, present=len(cast), is_first_hearing=first, rules=RULES
    )


@pytest.mark.parametrize(
    ("seats", "votes", "result"),
    [
        (8, {"yes": 3, "no": 3}, "refused"),  # 9 < 12
        (8, {"yes": 3, "again": 1, "no": 2}, "reconsider"),  # 12 >= 12
        (9, {"yes": 2, "conditional": 2, "no": 2}, "approved_with_conditions"),
        (8, {"yes": 4, "no": 2}, "approved"),
        (7, {"yes": 4, "conditional": 1, "no": 1}, "approved_with_conditions"),  # 5 of 6 for
        (7, {"yes": 3, "no": 3}, "refused"),  # 3 of 6 ends it
        (7, {"yes": 4, "no": 3}, "refused"),  # 12 < 14: four of seven are not two thirds
        (7, {"yes": 5, "no": 2}, "approved"),
        (7, {"again": 5, "no": 2}, "reconsider"),
        (7, {"no": 7}, "refused"),
    ],
)
def test_the_votes_say_what_the_rules_say(seats, votes, result):
    assert count(seats, **votes).result == result


@pytest.mark.parametrize(
    ("seats", "present", "may_vote"),
    [
        (9, 6, True),
        (9, 5, False),
        (7, 4, False),
        (8, 6, True),
        (7, 5, True),
        (5, 5, True),
        (5, 4, False),
        (8, 5, False),
    ],
)
def test_a_quorum_is_five_and_two_thirds_of_all_seats(seats, present, may_vote):
    assert has_quorum(seats, present, RULES) is may_vote


def test_a_committee_needs_five_seats():
    assert [has_seats(seats, RULES) for seats in (4, 5)] == [False, True]


def test_no_vote_counts_without_a_quorum_or_a_voter():
    for wrong in ({"yes": 4}, {"yes": 3, "no": 1}):
        with pytest.raises(ValueError, match="no quorum"):
            count(7, **wrong)
    with pytest.raises(ValueError, match="votes once"):
        count_votes([FOR] * 5, seats=7, present=6, is_first_hearing=True, rules=RULES)
    with pytest.raises(ValueError, match="unknown"):
        count_votes(["abstain"] * 5, seats=7, present=5, is_first_hearing=True, rules=RULES)


def test_an_item_is_reconsidered_once():
    with pytest.raises(ValueError, match="once"):
        count(7, first=False, yes=3, again=3)
    assert count(7, first=False, yes=3, no=3).result == "refused"


votes = st.lists(st.sampled_from(KINDS), min_size=5, max_size=15)


@given(votes, st.integers(5, 15))
def test_laws_of_every_count(cast, seats):
    present = len(cast)
    if not has_quorum(seats, present, RULES):
        return
    found = count_votes(cast, seats=seats, present=present, is_first_hearing=True, rules=RULES)
    kinds = Counter(cast)
    yes = sum(kinds[kind] for kind in YES)
    assert found.yes + found.reconsider + found.against == present
    assert (found.result in ("approved", "approved_with_conditions")) == (3 * yes >= 2 * present)
    assert (found.result == "approved_with_conditions") == (3 * yes >= 2 * present and kinds[FOR_WITH_CONDITION] > 0)
    # The order of the votes means nothing, and a vote more in favour never makes a passed item fail.
    again = count_votes(sorted(cast), seats=seats, present=present, is_first_hearing=True, rules=RULES)
    assert again == found
    if AGAINST in cast:
        better = list(cast)
        better[better.index(AGAINST)] = FOR
        rank = {"refused": 0, "reconsider": 1, "approved_with_conditions": 2, "approved": 2}
        after = count_votes(better, seats=seats, present=present, is_first_hearing=True, rules=RULES)
        assert rank[after.result] >= rank[found.result]


@given(st.integers(0, 15), st.integers(5, 15))
def test_a_recusal_never_makes_a_quorum(present, seats):
    if has_quorum(seats, present, RULES):
        assert has_quorum(seats, present + 1, RULES)
    else:
        assert not has_quorum(seats, present - 1, RULES)
