"""Trust row 1: every route is known to the oracle, every view's model has a policy."""

import pytest

from crm.tests.assurance import known_routes, oracle
from crm.tests.assurance.routes import Route, walk


@pytest.fixture(scope="module")
def found() -> list[Route]:
    return walk()


def test_no_route_is_unlisted(found: list[Route]) -> None:
    assert known_routes.unlisted(found) == []


def test_the_oracle_lists_no_route_that_is_not_there(found: list[Route]) -> None:
    assert known_routes.dead_entries(found) == []


def test_every_route_is_reached_by_its_own_address(found: list[Route]) -> None:
    assert known_routes.dead_routes(found) == []


def test_every_view_and_admin_speaks_about_a_model_with_a_policy(found: list[Route]) -> None:
    assert known_routes.without_policy(found) == []


def test_the_oracle_speaks_about_every_model_with_a_policy() -> None:
    assert known_routes.rows_apart() == []


def test_exemptions_are_few_and_reasoned() -> None:
    exempt = oracle.book()["exempt"]
    assert len(exempt) <= oracle.MOST_EXEMPTIONS
    assert all(len(reason) >= 10 for reason in exempt.values())


def test_the_oracle_stays_readable() -> None:
    assert known_routes.longest_table() <= oracle.MOST_LINES


def test_an_unlisted_route_is_found(found: list[Route]) -> None:
    stray = Route("clients:secret_export", frozenset(), found[0].callback, "clients/export/")
    assert "clients:secret_export" in known_routes.unlisted([*found, stray])
