"""Chinese typed by an input method: while a text is being composed nothing is sent, swapped, closed or submitted.

The browser itself composes (Input.imeSetComposition), in the search boxes and pickers that the pages show: a sample
here, every one of them in `make assure` (crm/tests/assurance/browser_walks.py).
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from crm.tests.stories.boxes import Place, walk_pages
from crm.tests.stories.walk import desk
from crm.tests.support.people import cast_member
from crm.tests.support.samples import is_whole, sample
from risk.reviews.tests import factories
from staff.complaints.tests.factories import recorded

pytestmark = pytest.mark.django_db(transaction=True)
Opener = Callable[..., Page]
PEOPLE = ("owner", "head", "complaints_officer", "risk_assessor", "auditor", "system_admin", "initial_reviewer")
EVERY = 6
COMPOSED, TEXT = "minjiang", "闽江"
# Longer than any pause after which a box searches by itself.
PAUSE = 450


class Composer:
    """An input method at work in the box that has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.driver: CDPSession = page.context.new_cdp_session(page)
        self.sent: list[str] = []
        page.on("request", lambda request: self.sent.append(request.url))

    def compose(self, text: str = COMPOSED) -> None:
        """Letter by letter, as one types pinyin."""
        for end in range(1, len(text) + 1):
            self._key(text[end - 1], 229)
            self._composition(text[:end])

    def press(self, key: str) -> None:
        """A key that belongs to the input method: pages see it as number 229, and composing."""
        self._key(key, 229)

    def commit(self, text: str = TEXT) -> None:
        """The text is chosen from the method's list."""
        self.driver.send("Input.insertText", {"text": text})

    def cancel(self) -> None:
        """The method drops what was composed."""
        self._composition("")

    def _composition(self, text: str) -> None:
        place = {"selectionStart": len(text), "selectionEnd": len(text)}
        self.driver.send("Input.imeSetComposition", {"text": text, **place})

    def _key(self, key: str, number: int) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.driver.send("Input.dispatchKeyEvent", {"type": kind, "key": key, "windowsVirtualKeyCode": number})


@pytest.fixture
def places(actors: dict[str, Any]) -> list[Place]:
    """Pages with something on them, found by following links."""
    client = factories.make_client(cast_member("owner"), name="福建闽江水务有限公司")
    factories.submit(factories.make_project(client), by=cast_member("owner"))
    recorded(by=cast_member("complaints_officer"))
    return walk_pages([cast_member(part) for part in (PEOPLE if is_whole() else PEOPLE[:1])])


def boxes_of(places: list[Place], kind: str) -> list[tuple[Place, str]]:
    """Each box of `kind` once per route; the top bar's box once."""
    return [
        (place, name)
        for place in places
        for number, name in enumerate(getattr(place, kind))
        if not (name == "search" and number == 0 and place.path != "/")
    ]


def open_box(open_page: Opener, desks: dict[int, Page], place: Place) -> Page:
    """The place's page, opened by the person who found it."""
    if place.person.pk not in desks:
        account = place.person.accounts.get()
        actor: Any = type("Actor", (), {"id": place.person.pk, "login": account.login})()
        desks[place.person.pk] = desk(open_page, actor).page
    desks[place.person.pk].goto(place.path)
    return desks[place.person.pk]


def value_and_place(page: Page) -> tuple[str, str]:
    """The text of the focused box, and whether it is the very element that was marked before."""
    return page.evaluate("() => [document.activeElement.value, document.activeElement.dataset.marked || '']")


def check_box(page: Page, place: Place, name: str) -> None:
    """Compose with pauses, Enter and Escape; then commit: the box stays, and only the finished text is sent."""
    where = f"{place.route} #{name}"
    box = page.locator(f"#{name}")
    box.focus()
    # Some boxes remember a text, and a picker asks for its first rows.
    box.evaluate("box => { box.value = ''; box.dataset.marked = 'yes' }")
    expect(page.locator(".ts-wrapper.loading")).to_have_count(0)
    composer, address = Composer(page), page.url
    composer.compose()
    page.wait_for_timeout(PAUSE)
    composer.press("Enter")
    composer.press("Escape")
    page.wait_for_timeout(PAUSE)
    assert composer.sent == [], f"{where}: sent while composing: {composer.sent}"
    assert page.url == address, f"{where}: left while composing"
    assert value_and_place(page) == [COMPOSED, "yes"], f"{where}: the box was replaced or left"
    composer.commit()
    page.wait_for_timeout(PAUSE)
    assert value_and_place(page) == [TEXT, "yes"], f"{where}: the finished text is not in the same box"
    assert not [url for url in composer.sent if "minjiang" in url], f"{where}: the unfinished text was sent"


def test_no_box_and_no_picker_sends_moves_or_closes_while_a_text_is_composed(
    open_page: Opener, places: list[Place]
) -> None:
    boxes = sample(boxes_of(places, "boxes"), EVERY)
    pickers = sample(boxes_of(places, "pickers"), EVERY)
    desks: dict[int, Page] = {}
    for place, name in boxes:
        check_box(open_box(open_page, desks, place), place, name)
    for place, name in pickers:
        check_box(open_box(open_page, desks, place), place, f"{name}-ts-control")
    if is_whole():
        assert {"home:my_day", "clients:client_list", "projects:project_list", "risk:review_list"} <= {
            place.route for place, _name in boxes
        }
        assert {("projects:project_create", "id_client"), ("clients:client_create", "id_industry")} <= {
            (place.route, name) for place, name in pickers
        }
    assert len(boxes) > 1 and len(pickers) > 1


def test_a_composed_name_finds_its_client_and_the_box_keeps_the_focus(open_page: Opener, actors: Any) -> None:
    factories.make_client(cast_member("owner"), name="福建闽江水务有限公司")
    factories.make_client(cast_member("owner"), name="厦门海沧港务有限公司")
    page = desk(open_page, actors["owner"], "/clients/").page
    page.locator("#list-search").focus()
    composer = Composer(page)
    composer.compose()
    composer.commit()
    expect(page.locator("#list")).not_to_contain_text("厦门海沧港务有限公司")
    expect(page.locator("#list")).to_contain_text("福建闽江水务有限公司")
    expect(page.locator("#list-search")).to_be_focused()
    expect(page.locator("#list-search")).to_have_value(TEXT)
    expect(page.locator("#list-conditions .chip-on")).to_contain_text(TEXT)
    page.go_back()
    expect(page.locator("#list")).to_contain_text("厦门海沧港务有限公司")
    expect(page.locator(".side-nav")).to_be_visible()


def test_a_search_typed_just_before_waits_until_the_composition_ends(open_page: Opener, actors: Any) -> None:
    factories.make_client(cast_member("owner"), name="福建闽江水务有限公司")
    page = desk(open_page, actors["owner"], "/clients/").page
    page.locator("#list-search").focus()
    page.wait_for_timeout(PAUSE)
    composer = Composer(page)
    page.keyboard.type("福")
    composer.compose("jian")
    page.wait_for_timeout(PAUSE)
    assert composer.sent == []
    with page.expect_response(lambda answer: "q=" in answer.url):
        composer.cancel()
    expect(page.locator("#list-search")).to_have_value("福")
