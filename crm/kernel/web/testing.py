"""Promises every list and every form keeps, as mixins for the modules' tests, and the query budget.

class TestClientList(ListPromises):
    url = "/clients/"
    budget = 10

    @pytest.fixture
    def viewer(self, owner): return browser_for(owner)
    def make_rows(self, count): ...          # rows the viewer may see
    def make_foreign_row(self): ...          # a row only others may see; returns a text it would show
"""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

FEW, MANY = 3, 30
NUL, LONE_SURROGATE, MEGABYTE = "a\x00b", "a\ud800b", "长" * 350_000


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


@pytest.mark.django_db
class ListPromises:
    """What every list keeps. Subclass gives `url`, `budget`, a fixture `viewer` (a logged-in browser), `make_rows`."""

    url: ClassVar[str]
    budget: ClassVar[int] = 10

    @pytest.fixture
    def viewer(self) -> Any:
        raise NotImplementedError

    def make_rows(self, count: int) -> Any:
        raise NotImplementedError

    def make_foreign_row(self) -> str | None:
        """A row the viewer may not see; answers a text that would give it away. None: this list has no such row."""
        return None

    def test_the_list_keeps_its_query_budget(self, viewer: Any) -> None:
        assert_budget(viewer, self.url, self.budget, make_rows=self.make_rows)

    def test_an_empty_list_is_no_dead_end(self, viewer: Any) -> None:
        assert viewer.get(self.url).status_code == 200

    def test_htmx_gets_the_fragment_alone(self, viewer: Any) -> None:
        text = viewer.get(self.url, HTTP_HX_REQUEST="true").content.decode()
        assert "<html" not in text

    def test_an_unknown_filter_is_refused_by_name(self, viewer: Any) -> None:
        answer = viewer.get(self.url, {"no_such_filter": "1"})
        assert answer.status_code == 400
        assert "no_such_filter" in answer.content.decode()

    @pytest.mark.parametrize("ordering", ["no_such_column", "-password", "?"])
    def test_an_unknown_ordering_is_refused(self, viewer: Any, ordering: str) -> None:
        assert viewer.get(self.url, {"ordering": ordering}).status_code == 400

    @pytest.mark.parametrize("page", ["-1", "0", "x", "1.5", "99999", "9" * 40])
    def test_a_page_that_is_none_is_refused(self, viewer: Any, page: str) -> None:
        assert viewer.get(self.url, {"page": page}).status_code == 400

    def test_a_visitor_is_sent_to_the_login(self, db: None) -> None:
        answer = Browser().get(self.url)
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"]

    def test_a_foreign_row_is_not_listed(self, viewer: Any) -> None:
        secret = self.make_foreign_row()
        if secret is not None:
            assert secret not in viewer.get(self.url).content.decode()


@pytest.mark.django_db
class FormPromises:
    """What every form keeps. Subclass gives fixtures `viewer`, `outsider` (browsers), `address`, and `valid_data`."""

    # A text field that takes any words, for the bad-input tests; "" leaves them out.
    text_field: ClassVar[str] = "name"
    outsider_status: ClassVar[int] = 404

    @pytest.fixture
    def viewer(self) -> Any:
        raise NotImplementedError

    @pytest.fixture
    def outsider(self) -> Any:
        """A logged-in browser of somebody who may not; None leaves the test out."""
        return None

    @pytest.fixture
    def address(self) -> str:
        raise NotImplementedError

    def valid_data(self) -> dict[str, Any]:
        """What a person types, without `version`."""
        raise NotImplementedError

    def stored(self) -> Any:
        """Something that changes when the form wrote: a count, a row's version. None leaves the check out."""
        return None

    def test_the_form_opens(self, viewer: Any, address: str) -> None:
        assert viewer.get(address).status_code == 200

    def test_nothing_typed_is_refused_and_changes_nothing(self, viewer: Any, address: str) -> None:
        before = self.stored()
        answer = viewer.post(address, {})
        assert 400 <= answer.status_code < 500
        assert self.stored() == before

    @pytest.mark.parametrize("text", [NUL, LONE_SURROGATE, MEGABYTE], ids=["nul", "surrogate", "megabyte"])
    def test_text_no_person_types_is_refused_kindly(self, viewer: Any, address: str, text: str) -> None:
        if not self.text_field:
            pytest.skip("the form has no free text")
        before = self.stored()
        sent = urlencode({**self.valid_data(), self.text_field: text}, doseq=True, errors="surrogatepass")
        answer = viewer.post(address, sent, content_type="application/x-www-form-urlencoded")
        assert 400 <= answer.status_code < 500
        assert self.stored() == before

    def test_typed_input_survives_a_refusal(self, viewer: Any, address: str) -> None:
        if not self.text_field:
            pytest.skip("the form has no free text")
        answer = viewer.post(address, {self.text_field: "留住这句话"})
        assert "留住这句话" in answer.content.decode()

    def test_an_outsider_is_turned_away(self, outsider: Any, address: str) -> None:
        if outsider is not None:
            assert outsider.get(address).status_code == self.outsider_status
            assert outsider.post(address, self.valid_data()).status_code == self.outsider_status
