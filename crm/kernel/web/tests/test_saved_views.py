"""Saved views of a list: one's own, those of the department, who removes them, and what has changed since."""

from typing import Any
from urllib.parse import quote

import pytest

from clients.file.tests.factories import ClientFactory
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Account, Department, Person
from crm.kernel.web.saved_views import MOST_VIEWS, view_save
from crm.tests.support.people import browser_for, make_account, make_person

pytestmark = pytest.mark.django_db
PAGE = "/web/views/clients/"
ROUTE = "clients:client_list"
HERE = f"{PAGE}?q={quote('水务')}&ordering=-name"


def save(person: Person, name: str, *, url: str = HERE, shared: bool = False) -> Any:
    return browser_for(person).post(url, {"name": name, **({"is_shared": "on"} if shared else {})})


def keep(person: Person, name: str, query: str) -> None:
    """Save a view of one's own as the page does."""
    account = Account.objects.get(person=person)
    view_save(account=account, route=ROUTE, path="/clients/", name=name, query=query, is_shared=False, by=person)


def views(person: Person, **query: str) -> list[Any]:
    """What the menu of the client list offers."""
    return list(browser_for(person).get("/clients/", query).context["saved_views"])


def own(person: Person) -> dict[str, Any]:
    return person.accounts.order_by("pk")[0].saved_views


def test_a_view_leads_back_to_the_rows_and_the_order_it_was_saved_from(owner: Person) -> None:
    for name in ("福建闽江水务有限公司", "福建木兰溪水务有限公司", "浙江钧茂机械有限公司"):
        ClientFactory(name=name, by=owner)
    answer = save(owner, " 水务  客户 ", url=f"{HERE}&page=3&format=csv")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/clients/?q=")
    (saved,) = views(owner)
    page = browser_for(owner).get(saved.url)
    assert saved.url.endswith("&ordering=-name") or "?ordering=-name&" in saved.url
    assert saved.name == "水务 客户" and [str(row) for row in page.context["table"].rows] == [
        "福建木兰溪水务有限公司",
        "福建闽江水务有限公司",
    ]
    assert page.context["saved_views"][0].is_on and not saved.is_on


def test_ones_own_view_is_nobody_elses(owner: Person, colleague: Person) -> None:
    save(owner, "水务")
    assert len(views(owner)) == 1 and views(colleague) == []
    assert browser_for(colleague).post(PAGE, {"remove": "水务"}).status_code == 404
    make_account(owner)
    assert list(own(owner)) == [ROUTE] and owner.accounts.order_by("pk")[1].saved_views == {}


def test_a_shared_view_is_the_departments_and_opens_no_foreign_row(
    owner: Person, colleague: Person, stranger: Person
) -> None:
    ClientFactory(name="福建闽江水务有限公司", by=owner)
    save(owner, "水务", shared=True)
    (seen,) = views(colleague)
    assert (seen.name, seen.by) == ("水务", owner.name) and views(stranger) == []
    followed = browser_for(stranger).get(seen.url)
    assert followed.status_code == 200 and not followed.context["table"].rows
    event = AuditEvent.objects.get(action="list.view_shared")
    assert (event.person_id, event.data) == (owner.pk, {"list": "/clients/", "name": "水务"})


def test_who_shared_a_view_or_the_head_of_the_department_removes_it(
    owner: Person, colleague: Person, head: Person
) -> None:
    foreign_head = make_person("方启文", "department_head", place="0020")
    save(owner, "水务", shared=True)
    assert browser_for(colleague).post(PAGE, {"remove_shared": "水务"}).status_code == 403
    assert browser_for(foreign_head).post(PAGE, {"remove_shared": "水务"}).status_code == 404
    assert "remove_shared" not in browser_for(colleague).get(PAGE).content.decode()
    assert "remove_shared" in browser_for(head).get(PAGE).content.decode()
    assert len(views(colleague)) == 1
    assert browser_for(head).post(PAGE, {"remove_shared": "水务"}).status_code == 302
    assert views(owner) == [] and AuditEvent.objects.filter(action="list.view_removed").count() == 1
    save(owner, "水务", shared=True)
    assert browser_for(owner).post(PAGE, {"remove_shared": "水务"}).status_code == 302
    assert browser_for(owner).post(PAGE, {"remove_shared": "水务"}).status_code == 404
    assert Department.objects.get(code="0010").saved_views == {}


def test_a_colleague_does_not_replace_a_shared_view(owner: Person, colleague: Person) -> None:
    save(owner, "水务", shared=True)
    assert save(colleague, "水务", url=PAGE, shared=True).status_code == 409
    assert save(colleague, "水务", url=PAGE).status_code == 302
    assert save(owner, "水务", url=f"{PAGE}?ordering=name", shared=True).status_code == 302
    assert [view.url for view in views(owner)] == ["/clients/?ordering=name"]


@pytest.mark.parametrize("path", ["nowhere/", "clients/board/", "", "/evil.example/", "home/"])
def test_what_is_no_list_has_no_views(owner: Person, path: str) -> None:
    assert browser_for(owner).get(f"/web/views/{path}").status_code == 404
    assert save(owner, "水务", url=f"/web/views/{path}").status_code == 404
    assert own(owner) == {}


def test_fifty_views_are_kept_and_the_fifty_first_is_refused(owner: Person) -> None:
    for number in range(MOST_VIEWS):
        keep(owner, f"{number:02}", "")
    assert save(owner, "水务").status_code == 400
    assert len(views(owner)) == MOST_VIEWS == 50
    # One of the same name takes no place.
    assert save(owner, "49").status_code == 302
    assert browser_for(owner).post(PAGE, {"remove": "00"}).status_code == 302
    assert save(owner, "水务").status_code == 302


def test_what_the_list_no_longer_has_is_left_out_of_the_view(owner: Person) -> None:
    gone = "fax_number=1&ordering=-fax_number&q=%E6%B0%B4"
    keep(owner, "旧", gone)
    (seen,) = views(owner)
    assert seen.url == "/clients/?q=%E6%B0%B4" and browser_for(owner).get(seen.url).status_code == 200


@pytest.mark.parametrize("name", ["", " ", "长" * 31, "a\u202eb"])
def test_a_name_that_nobody_could_read_is_refused(owner: Person, name: str) -> None:
    assert save(owner, name).status_code == 422 and own(owner) == {}


def test_conditions_too_long_to_be_kept_are_refused(owner: Person) -> None:
    assert save(owner, "水务", url=f"{PAGE}?q={'x' * 1100}").status_code == 400 and own(owner) == {}


def test_enter_in_the_name_removes_nothing(owner: Person) -> None:
    save(owner, "水务")
    page = browser_for(owner).get(PAGE).content.decode()
    form = page.split('name="name"')[0].rsplit("<form", 1)[1] + page.split('name="name"')[1].split("</form>")[0]
    assert 'name="remove"' not in form and 'name="remove"' in page
