"""The query budget of pages. What every list and form keeps is tested over all routes in crm/tests/conventions."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

FEW, MANY = 3, 30


def queries_of(client: Any, url: str, **headers: str) -> list[str]:
    """The SQL of one GET that must answer 200; a first, uncounted GET warms what is read once per process."""
    assert client.get(url, **headers).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url, **headers)
        assert answer.status_code == 200
    return [query["sql"] for query in seen.captured_queries]


def assert_budget(
    client: Any, url: str | Callable[[], str], budget: int, *, make_rows: Callable[[int], Any] | None = None
) -> int:
    """`url` costs at most `budget` queries, and with 30 rows no more than with 3. Answers the count it found.

    `make_rows(count)` makes so many more rows that the client may see; without it the page is measured once.
    """
    address = url if callable(url) else lambda: url
    if make_rows is None:
        found = queries_of(client, address())
        assert len(found) <= budget, listed(found, budget)
        return len(found)
    make_rows(FEW)
    few = queries_of(client, address())
    make_rows(MANY - FEW)
    many = queries_of(client, address())
    assert len(many) <= budget, listed(many, budget)
    assert len(many) <= len(few), f"{len(few)} queries with {FEW} rows, {len(many)} with {MANY}:\n" + listed(
        many, budget
    )
    return len(many)


def listed(found: list[str], budget: int) -> str:
    """The queries, one a line, for the failure's text."""
    return f"{len(found)} queries, budget {budget}:\n" + "\n".join(sql[:200] for sql in found)
