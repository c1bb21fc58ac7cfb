"""After a refused form the address, reload, Back and Forward work, on the form pages that can be reached by links: a
sample here, every one of them in `make assure` (crm/tests/assurance/browser_walks.py).
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm.tests.stories.boxes import FORM, Place, walk_pages
from crm.tests.stories.walk import PATIENCE, Desk, desk
from crm.tests.support.people import browser_for, cast_member
from crm.tests.support.samples import is_whole
from risk.reviews.models import ReviewCase
from risk.reviews.tests import factories
from staff.complaints.tests.factories import assigned

pytestmark = pytest.mark.django_db(transaction=True)
Opener = Callable[..., Page]
PEOPLE = ("owner", "initial_reviewer", "complaints_officer", "risk_assessor")
# Everything that can be left empty is emptied, and the first such form of the page is sent.
SEND = """() => {
  const form = [...document.querySelectorAll('form[method=post][data-once]')]
    .find((form) => form.offsetParent && form.querySelector('input:not([type=hidden]), textarea, select'));
  if (!form) return false;
  form.querySelectorAll('input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea')
    .forEach((input) => (input.value = ''));
  form.querySelectorAll('input[type=radio], input[type=checkbox]').forEach((input) => (input.checked = false));
  form.noValidate = true;
  form.requestSubmit();
  return true;
}"""


@pytest.fixture
def places(actors: dict[str, Any]) -> list[Place]:
    """The pages with a form that one fills in, found by following links."""
    client = factories.make_client(cast_member("owner"), name="福建闽江水务有限公司")
    factories.submit(factories.make_project(client), by=cast_member("owner"))
    factories.make_project(client, name="闽江北岸污水厂提标")
    assigned()
    found = walk_pages([cast_member(part) for part in (PEOPLE if is_whole() else PEOPLE[1:2])])
    return [place for place in found if any("data-once" in form for form in FORM.findall(place.text))]


def refuse(page: Page, place: Place) -> bool:
    """Send the page's form empty; whether it was refused."""
    page.goto("/")
    page.goto(place.path)
    with page.expect_response(lambda answer: answer.request.method == "POST") as caught:
        if not page.evaluate(SEND):
            page.evaluate("() => fetch('/', { method: 'POST' })")
    return caught.value.status in (409, 412, 422, 428)


def check_history(page: Page, place: Place) -> None:
    """The address of the page, then reload, Back and Forward."""
    where = f"{place.route} {place.path}"
    expect(page.locator(".form-errors, .f-bad, .f-error, [role=alert]").first).to_be_attached()
    assert page.url.endswith(place.path), f"{where}: the address became {page.url}"
    for step in (page.reload, page.go_back, page.go_forward):
        answer = step()
        assert answer is not None and answer.status == 200, f"{where}: {step.__name__}"
        assert answer.request.method == "GET", f"{where}: {step.__name__} sent the form again"
    assert page.url.endswith(place.path)


def test_back_and_reload_work_after_every_refused_form(open_page: Opener, places: list[Place]) -> None:
    desks: dict[int, Desk] = {}
    checked = []
    for place in places:
        if place.person.pk not in desks:
            actor: Any = type("Actor", (), {"id": place.person.pk})()
            desks[place.person.pk] = desk(open_page, actor)
        # A tab of its own for each form: what one form still loads cannot disturb the next.
        page = desks[place.person.pk].page.context.new_page()
        page.set_default_timeout(PATIENCE)
        if refuse(page, place):
            check_history(page, place)
            checked.append(place.route)
        page.close()
    known = {"projects:project_create", "clients:client_create"} if is_whole() else set()
    assert {"risk:review_detail", *known} <= set(checked), checked
    assert len(checked) > (12 if is_whole() else 3), checked


def test_the_address_that_takes_a_form_leads_to_the_page_of_the_form(actors: Any) -> None:
    case: ReviewCase = factories.submit(factories.make_project(), by=cast_member("owner"))
    browser = browser_for(cast_member("initial_reviewer"))
    page = case.get_absolute_url()
    for act in ("conflict", "decide"):
        answer = browser.get(f"{page}{act}/")
        assert (answer.status_code, answer.headers.get("Location")) == (303, page)
    assert browser_for(cast_member("stranger")).get(f"{page}decide/").status_code == 404
