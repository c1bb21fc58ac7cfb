"""Columns of a list: chosen by each account, shown on the page and in the file, and nothing else is read."""

import csv
import io
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from clients.file.tables import ClientTable
from clients.file.tests.factories import ClientFactory
from crm.kernel.people.models import Person
from crm.kernel.web.columns import ColumnsForm, save_columns
from crm.kernel.web.testing import queries_of
from crm.tests.support.people import browser_for

PAGE = "/web/columns/clients/"
LIST = "clients:client_list"
DECLARED = [column.name for column in ClientTable.declared]


def heads(browser: Browser, **query: str) -> list[str]:
    """The heads of the columns that the client list shows."""
    return [str(head.text) for head in browser.get("/clients/", query).context["table"].heads()]


def fields(*shown: str, **places: int) -> dict[str, Any]:
    return {**{f"show_{name}": "on" for name in shown}, **{f"place_{name}": at for name, at in places.items()}}


@pytest.mark.django_db
class TestChoosing:
    @pytest.fixture
    def browser(self, owner: Person) -> Browser:
        ClientFactory(name="福建闽江水务有限公司", by=owner)
        return browser_for(owner)

    def test_page_and_file_show_the_chosen_columns_in_their_order(self, browser: Browser) -> None:
        chosen = fields("grade", "region", grade=2, region=1)
        answer = browser.post(f"{PAGE}?q=闽江", chosen)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/clients/?q=")
        expected = [str(ClientTable.choose(["region", "name", "grade"]).declared[at].header) for at in range(3)]
        assert heads(browser) == expected
        file = browser.get("/clients/", {"format": "csv", "purpose": "季度客户清单核对"})
        lines = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
        assert lines[0] == expected and len(lines) == 2

    def test_a_column_that_is_not_shown_is_not_read(self, browser: Browser) -> None:
        assert any('"exposure"' in sql for sql in queries_of(browser, "/clients/"))
        browser.post(PAGE, fields("region"))
        found = queries_of(browser, "/clients/")
        assert not any('"exposure"' in sql or '"credit_code"' in sql for sql in found), found

    def test_the_choice_is_the_accounts_own(self, browser: Browser, stranger: Person) -> None:
        ClientFactory(by=stranger)
        browser.post(PAGE, fields())
        assert len(heads(browser)) == 1
        assert len(heads(browser_for(stranger))) == len(DECLARED)

    def test_the_name_of_the_row_cannot_be_hidden(self, browser: Browser) -> None:
        browser.post(PAGE, fields("grade"))
        assert heads(browser)[0] == str(ClientTable.declared[0].header)

    def test_the_standard_columns_come_back(self, browser: Browser, owner: Person) -> None:
        browser.post(PAGE, fields("grade"))
        assert browser.post(PAGE, {"reset": "1"}).headers["Location"] == "/clients/"
        assert len(heads(browser)) == len(DECLARED) and owner.accounts.get().list_columns == {}

    def test_a_column_that_no_longer_exists_is_ignored(self, browser: Browser, owner: Person) -> None:
        save_columns(owner.accounts.get(), LIST, ["fax_number", "name", "grade"])
        assert len(heads(browser)) == 2
        save_columns(owner.accounts.get(), LIST, ["fax_number"])
        assert len(heads(browser)) == 1

    def test_the_chooser_shows_the_present_choice(self, browser: Browser) -> None:
        browser.post(PAGE, fields("region", region=1))
        form = browser.get(PAGE).context["form"]
        shown = [column.name for column in form.columns if form[f"show_{column.name}"].initial]
        assert shown == ["region", "name"] and len(form.columns) == len(DECLARED)

    @pytest.mark.parametrize("path", ["nowhere/", "clients/board/", "", "/evil.example/", "home/"])
    def test_what_is_no_list_has_no_columns(self, browser: Browser, owner: Person, path: str) -> None:
        assert browser.get(f"/web/columns/{path}").status_code == 404
        assert browser.post(f"/web/columns/{path}", fields("grade")).status_code == 404
        assert owner.accounts.get().list_columns == {}

    def test_a_position_that_does_not_exist_is_refused(self, browser: Browser, owner: Person) -> None:
        for place in ("0", "99", "x"):
            assert browser.post(PAGE, {"show_grade": "on", "place_grade": place}).status_code == 422
        assert owner.accounts.get().list_columns == {}


@given(st.integers(1, len(DECLARED)), st.integers(1, len(DECLARED)))
def test_a_column_moved_to_a_position_stands_there_and_the_others_keep_their_order(before: int, after: int) -> None:
    columns = list(ClientTable.declared)
    places = {f"place_{column.name}": at for at, column in enumerate(columns, start=1)}
    shown = {f"show_{name}": "on" for name in DECLARED}
    moved = DECLARED[before - 1]
    form = ColumnsForm({**shown, **places, f"place_{moved}": after}, columns=columns, shown=frozenset(DECLARED))
    assert form.is_valid(), form.errors
    chosen = form.chosen()
    assert chosen.index(moved) == after - 1
    assert [name for name in chosen if name != moved] == [name for name in DECLARED if name != moved]
