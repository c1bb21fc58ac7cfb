"""Trust row 4, short: absent and foreign rows look alike; a search for foreign words tells what one for none does."""

import pytest

from crm.assure import row4
from crm.assure.matrix import Walker
from crm.assure.world import World

pytestmark = pytest.mark.django_db


def test_at_least_forty_marks_are_planted_in_the_other_teams_rows(world: World) -> None:
    assert row4.marks_of(world) >= row4.LEAST_MARKS


def test_a_foreign_row_answers_like_an_absent_one(walker: Walker) -> None:
    # All rows of one other team are told apart by nothing the system says: every fifth pair here, all in make assure.
    chosen = list(row4.pairs())[::5]
    assert len(chosen) > 30
    assert [problem for pair in chosen if (problem := row4.compare(walker, pair))] == []


def test_a_search_for_a_foreign_rows_words_finds_nothing_and_says_so_as_always(walker: Walker) -> None:
    count, problems = row4.search_problems(walker)
    assert count > 50
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
