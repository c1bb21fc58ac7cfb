"""A cover is asked for by one and confirmed by another; what it may not be is refused with field and reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.kernel.access.errors import Conflict, DomainError, NotPermitted
from crm.kernel.audit.context import SYSTEM
from crm.kernel.cover.services import cover_ask, cover_confirm, cover_end
from crm.kernel.notify.models import Notice
from crm.kernel.people.models import Cover, Person, Post
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.people.services import person_update
from crm.kernel.workdays import clock
from crm.kernel.worklist.selectors import todo_list
from crm.kernel.worklist.services import todo_open
from crm.tests.support.people import api_for, browser_for, cast_member

pytestmark = pytest.mark.django_db
LETTERS = iter(range(1, 10_000))


def facts(person: Person, deputy: Person, **more: Any) -> dict[str, Any]:
    """A leave of a week from today."""
    first = clock.today() + timedelta(days=more.pop("after", 0))
    given = {"kind": "leave", "starts_on": first, "ends_on": first + timedelta(days=6)}
    return {"person": person, "deputy": deputy, "letter_no": f"授权〔2026〕{next(LETTERS)}号", **given, **more}


def ask(person: Person, deputy: Person, **more: Any) -> Cover:
    by = more.pop("by", person)
    return cover_ask(by=by, **facts(person, deputy, **more))


def confirmed(person: Person, deputy: Person, **more: Any) -> Cover:
    return cover_confirm(cover=ask(person, deputy, **more), by=cast_member("security_admin"))


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def covered_by(person: Person) -> set[int]:
    """Whom the person stands in for today, however far."""
    return {row["id"] for row in person._covering}


def test_nobody_confirms_what_they_asked_for_or_are_part_of(owner: Person, colleague: Person, head: Person) -> None:
    asked = ask(owner, colleague, by=head)
    for person in (head, owner, colleague, cast_member("stranger")):
        with pytest.raises(NotPermitted):
            cover_confirm(cover=asked, by=person)
    assert cover_confirm(cover=asked, by=cast_member("security_admin")).state == "confirmed"
    with pytest.raises(Conflict):
        cover_confirm(cover=asked, by=cast_member("security_admin"))


def test_a_cover_gives_what_it_gives_from_its_first_day_and_until_it_is_ended(owner: Person, colleague: Person) -> None:
    later = confirmed(owner, colleague, after=3)
    assert covered_by(again(colleague)) == frozenset()
    cover_end(cover=later, end_reason="recalled", by=owner)
    now = confirmed(owner, colleague)
    assert covered_by(again(colleague)) == {owner.pk}
    with clock.at(clock.now() + timedelta(days=8)):
        assert covered_by(again(colleague)) == frozenset()
    cover_end(cover=now, end_reason="returned", by=owner)
    assert covered_by(again(colleague)) == frozenset()


def test_it_ends_with_a_change_of_post_and_when_the_deputy_leaves(owner: Person, colleague: Person) -> None:
    confirmed(owner, colleague)
    post = Post.objects.create(code="staff_officer", name="综合岗")
    person = again(colleague)
    person_update(
        person=person,
        name=person.name,
        department=person.department,
        post=post,
        expected_version=person.version,
        by=SYSTEM,
    )
    assert covered_by(again(colleague)) == frozenset()


BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "oneself": ("deputy", {"deputy": "owner"}),
    "too_long": ("ends_on", {"days": 30}),
    "toxic_pair": ("deputy", {"deputy": "recheck_reviewer"}),
    "overlap": ("starts_on", {"beside": ("owner", "assistant")}),
    "circle": ("deputy", {"beside": ("colleague", "owner")}),
    "deputy_away": ("deputy", {"beside": ("colleague", "assistant")}),
    "person_covers": ("person", {"beside": ("assistant", "owner")}),
}


@pytest.mark.parametrize("code", BAD)
def test_a_cover_that_may_not_be_is_refused_with_its_field(code: str, owner: Person) -> None:
    field, how = BAD[code]
    if "beside" in how:
        confirmed(*(cast_member(part) for part in how["beside"]), after=2)
    before = Cover.objects.count()
    more = {"ends_on": clock.today() + timedelta(days=how["days"])} if "days" in how else {}
    with pytest.raises(DomainError) as refused:
        ask(owner, cast_member(how.get("deputy", "colleague")), **more)
    assert refused.value.code == code
    assert set(refused.value.errors) == {field}
    assert Cover.objects.count() == before


def test_one_deputy_may_cover_two_people(owner: Person, colleague: Person) -> None:
    confirmed(owner, colleague)
    confirmed(cast_member("assistant"), colleague)
    assert covered_by(again(colleague)) == {owner.pk, cast_member("assistant").pk}


def test_what_comes_with_the_account_is_what_the_person_says(owner: Person, colleague: Person) -> None:
    """The login reads covers by a function of the database, everybody else by the query of covers: one rule."""
    account = colleague.accounts.get()
    for more in ({"after": 3}, {}, {"scope": ["P01"], "after": 20}):
        letter = confirmed(owner, colleague, **more)
        for days in (0, 4, 22):
            with clock.at(clock.now() + timedelta(days=days)):
                found = account_with_rights(pk=account.pk)
                assert found is not None
                assert found.person._covering == again(colleague)._covering
        cover_end(cover=letter, end_reason="recalled", by=owner)


@pytest.mark.parametrize(
    ("person", "deputy"),
    [("owner", "assistant"), ("colleague", "assistant"), ("assistant", "owner"), ("colleague", "owner")],
)
def test_the_database_refuses_chains_whoever_writes(person: str, deputy: str, owner: Person, colleague: Person) -> None:
    """林晓雯 is covered by 高翔宇: no other row of the same days may have her away, him away, or her as a deputy."""
    confirmed(owner, colleague)
    given = facts(cast_member(person), cast_member(deputy))
    with pytest.raises(IntegrityError, match="kernel_cover_no_"), transaction.atomic():
        Cover.objects.create(asked_by=cast_member("head"), **given)


def test_mandatory_leave_suspends_the_account_for_its_days(owner: Person, colleague: Person) -> None:
    browser, api = browser_for(owner), api_for(owner)
    assert (browser.get("/").status_code, api.get("/api/v1/worklist/").status_code) == (200, 200)
    letter = confirmed(owner, colleague, kind="mandatory", is_suspended=True)
    assert browser.get("/").status_code == 302
    assert api.get("/api/v1/worklist/").status_code == 401
    cover_end(cover=letter, end_reason="recalled", by=cast_member("head"))
    assert browser_for(owner).get("/").status_code == 200


def test_page_api_and_admin_carry_a_cover_through(owner: Person, colleague: Person, head: Person) -> None:
    given = facts(owner, colleague)
    body = {**given, "person": owner.pk, "deputy": colleague.pk}
    assert browser_for(owner).post("/covers/new/", body).status_code == 302
    cover = Cover.objects.get()
    assert Notice.objects.get(recipient=head).kind == "cover.asked"
    assert f"/covers/{cover.pk}/" in browser_for(cast_member("security_admin")).get("/").content.decode()
    page = browser_for(head).get(f"/covers/{cover.pk}/").content.decode()
    assert given["letter_no"] in page and 'name="verdict"' in page
    address = f"/admin/kernel/cover/{cover.pk}/change/"
    assert browser_for(head).post(address, {"verdict": "confirm"}).status_code == 302
    told = api_for(colleague).get("/api/v1/covers/", {"now": "true"}).json()["results"]
    assert [row["letter_no"] for row in told] == [given["letter_no"]]
    answer = api_for(owner).post(f"/api/v1/covers/{cover.pk}/end/", {"end_reason": "returned"}, format="json")
    assert (answer.status_code, answer.json()["standing"]) == (200, "ended")


def test_what_is_the_persons_to_do_is_the_deputys_too(owner: Person, colleague: Person) -> None:
    todo = todo_open(
        kind="test.call",
        subject=("test.thing", 1),
        owner=owner,
        due_on=clock.today(),
        url="/todos/",
        by=SYSTEM,
    )
    assert not todo_list(viewer=again(colleague)).exists()
    letter = confirmed(owner, colleague)
    assert [row.pk for row in todo_list(viewer=again(colleague))] == [todo.pk]
    day = browser_for(colleague).get("/").content.decode()
    assert "test.call" in day and owner.name in day
    cover_end(cover=letter, end_reason="returned", by=owner)
    assert not todo_list(viewer=again(colleague)).exists()


def test_a_cover_confined_to_products_hands_on_no_to_dos(owner: Person, colleague: Person) -> None:
    confirmed(owner, colleague, scope=["P01"])
    person = again(colleague)
    assert covered_by(person) == {owner.pk}
    assert person.covers_wholly == frozenset()
