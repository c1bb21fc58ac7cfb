"""Trust rows 2 and 3, short: a fixed sample of the matrix, the exact rows of lists, the policies, and their removal.

`make assure` walks the whole matrix. Everything expected stands in crm/tests/assurance/oracle.yaml.
"""

import pytest

from crm.kernel.access.policies import Policy
from crm.tests.assurance.access_matrix import walked
from crm.tests.assurance.matrix import Tally, Walker, judge_list, list_cells
from crm.tests.assurance.policy_removal import remove
from crm.tests.assurance.prepared_acts import ROUTES, walk_later
from crm.tests.assurance.rules import AllowAll, DenyAll, model_of, replaced, walk_rules
from crm.tests.assurance.sample import full_cells
from crm.tests.assurance.world import World

pytestmark = pytest.mark.django_db


def test_the_sample_leaks_refuses_wrongly_changes_and_tells_nothing(world: World) -> None:
    # One test for the three: two workers would make the walk twice.
    tally = walked(False)
    assert tally.cells > 500
    assert [f"{cell}: {got}, expected {wanted}" for cell, got, wanted in tally.wrong] == []
    assert tally.refused_writes > 100
    assert tally.changed_rows == []
    assert tally.searched > 500
    assert tally.told == []


def test_the_whole_matrix_has_at_least_five_thousand_cells() -> None:
    assert len(full_cells()) >= 5_000


@pytest.mark.parametrize("actor", ["owner", "stranger", "initial_reviewer", "former"])
def test_a_list_shows_exactly_the_rows_that_exist_for_the_person(walker: Walker, actor: str) -> None:
    assert [problem for cell in list_cells([actor]) for problem in judge_list(walker, cell)] == []


def test_every_policy_answers_as_the_oracle_says(world: World) -> None:
    asked, wrong = walk_rules(world)
    assert asked > 4_000
    assert wrong == []


@pytest.mark.parametrize("word", ["client", "project", "review"])
@pytest.mark.parametrize("policy", [AllowAll(), DenyAll()], ids=["open", "shut"])
def test_a_policy_taken_away_is_seen_at_a_door(walker: Walker, word: str, policy: Policy) -> None:
    assert remove(walker, word, policy, doors=True).by_door


def test_a_policy_taken_away_is_seen_without_a_door(world: World) -> None:
    for word in ("round", "storedfile", "calendarday"):
        with replaced(model_of(word), AllowAll()):
            assert walk_rules(world, [word])[1]


def test_acts_that_come_later_answer_as_the_oracle_says_where_they_are_possible(walker: Walker) -> None:
    tally = Tally()
    walk_later(walker, tally, ["colleague", "head", "final_approver", "stranger", "auditor"])
    assert tally.lines() == []
    assert sorted(ROUTES) == sorted(name.removeprefix("POST ") for name in tally.succeeded if name.startswith("POST"))
