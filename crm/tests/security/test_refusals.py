"""Trust row 4, short: absent and foreign rows look alike; a search for foreign words tells what one for none does."""

import pytest

from crm.tests.assurance import refusal_reveals_nothing
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.world import World

pytestmark = pytest.mark.django_db


def test_at_least_forty_marks_are_planted_in_the_other_teams_rows(world: World) -> None:
    assert refusal_reveals_nothing.marks_of(world) >= refusal_reveals_nothing.LEAST_MARKS


def test_a_foreign_row_answers_like_an_absent_one(walker: Walker) -> None:
    # All rows of one other team are told apart by nothing the system says: every twentieth here.
    chosen = list(refusal_reveals_nothing.pairs())[::20]
    assert len(chosen) > 30
    assert [problem for pair in chosen if (problem := refusal_reveals_nothing.compare(walker, pair))] == []


def test_a_search_for_a_foreign_rows_words_finds_nothing_and_says_so_as_always(walker: Walker) -> None:
    count, problems = refusal_reveals_nothing.search_problems(walker, every=5)
    assert count > 150
    assert problems == []


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/clients/{own}/contacts/{contact}/", "contact"),
        ("/clients/{own}/contacts/{contact}/remove/", "contact"),
        ("/clients/{own}/contacts/{contact}/reveal/mobile/", "contact"),
    ],
)
def test_a_foreign_row_is_not_reached_below_an_own_one(world: World, path: str, part: str) -> None:
    own, other = world.situations["own"], world.situations["other"]
    url = path.format(own=own.client.pk, contact=other.rows[part].pk)
    for actor in ("owner", "auditor"):
        assert world.browsers[actor].get(url).status_code in (404, 403)
