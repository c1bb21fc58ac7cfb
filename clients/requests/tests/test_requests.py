"""Client requests: recorded, taken once, answered within working hours, solved, closed by a call-back, reopened."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from clients.file.models import ClientGrant
from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory, ContactFactory
from clients.relations.models import Interaction, Promise
from clients.relations.tests.factories import visit
from clients.requests.models import RequestStep, ServiceRequest
from clients.requests.selectors import measures
from clients.requests.services import (
    LATE,
    TODO,
    request_answer,
    request_assign,
    request_close,
    request_promise,
    request_record,
    request_reopen,
    request_solve,
    request_take,
)
from clients.requests.tests.factories import WORDS, asked
from crm.kernel.access.errors import BadInput, Conflict, DomainError, NotPermitted, NotVisible
from crm.kernel.access.grants import set_grants
from crm.kernel.audit.context import SYSTEM
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.clock import SHANGHAI
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 4, 15, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _held_clock() -> Iterator[None]:
    """Everybody's roles begin on that day."""
    with clock.at(WEDNESDAY):
        yield


@pytest.fixture
def client_of_owner(owner: Person) -> Any:
    return ClientFactory(by=owner)


def todo_of(row: ServiceRequest) -> Todo | None:
    return Todo.objects.filter(kind=TODO, object_id=str(row.pk), done_at__isnull=True).first()


def fresh(row: ServiceRequest) -> dict[str, Any]:
    """The request and its version as a page would read them."""
    row.refresh_from_db()
    return {"request": row, "expected_version": row.version}


def test_a_telephone_request_is_recorded_in_the_short_form(client_of_owner: Any, owner: Person) -> None:
    page, client = browser_for(owner), client_of_owner
    contact = ContactFactory(client=client)
    address = f"{reverse('clients:request_create')}?client={client.pk}"
    form = page.get(address).content.decode()
    assert client.name in form and contact.name in form and "data-draft=" in form
    given = {
        "client": client.pk,
        "contact": contact.pk,
        "channel": "phone",
        "kind": "document",
        "words": WORDS,
        "asked_at": clock.now().astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
        "goes_to": "queue",
    }
    answer = page.post(address, given)
    row = ServiceRequest.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == row.get_absolute_url()
    assert (row.owner, row.contact, row.state) == (None, contact, "open")
    assert WORDS[:12] in page.get(row.get_absolute_url()).content.decode()
    panel = page.get(reverse("clients:request_panel", args=[client.pk]), headers={"HX-Request": "true"})
    assert row.title in panel.content.decode()
    for query, found in (("?queue=true", True), ("?owner=me", False), ("?late=true", False)):
        assert (row.title in page.get(f"{reverse('clients:request_list')}{query}").content.decode()) == found


def test_the_course_of_a_request_from_the_queue_to_the_call_back_and_back(client_of_owner: Any, owner: Person) -> None:
    with clock.at(WEDNESDAY):
        row = asked(client_of_owner)
        assert row.answer_by == datetime(2026, 4, 16, 9, 30, tzinfo=SHANGHAI)
        assert todo_of(row).owner == owner  # type: ignore[union-attr]
    with clock.at(WEDNESDAY + timedelta(minutes=30)):
        request_take(**fresh(row), by=owner)
    with clock.at(WEDNESDAY + timedelta(hours=1)):
        request_answer(**fresh(row), words="三个工作日内提供。", by=owner)
    with clock.at(WEDNESDAY + timedelta(hours=2)):
        request_answer(**fresh(row), words="另需盖章申请。", by=owner)
        request_solve(**fresh(row), words="凭证已寄送。", by=owner)
        row.refresh_from_db()
        assert (row.state, row.first_minutes, row.solve_minutes) == ("solved", 60, 120)
        request_close(**fresh(row), words="客户确认收到。", is_content=True, by=owner)
        assert todo_of(row) is None
        request_reopen(**fresh(row), words="缺九月份清单。", by=owner)
    row.refresh_from_db()
    assert (row.state, row.reopened, row.closed_at, row.first_minutes) == ("answered", 1, None, 60)
    assert todo_of(row) is not None
    with clock.at(WEDNESDAY + timedelta(hours=3)):
        request_solve(**fresh(row), words="已补寄。", by=owner)
    row.refresh_from_db()
    assert row.solve_minutes == 180
    kinds = [step.kind for step in row.steps.all()]
    assert kinds == ["taken", "answer", "answer", "solution", "call_back", "reopened", "solution"]


def test_a_request_without_an_answer_is_not_closed(client_of_owner: Any, owner: Person) -> None:
    row = asked(client_of_owner)
    with pytest.raises(Conflict) as refusal:
        request_close(**fresh(row), words="客户确认。", is_content=True, by=owner)
    assert refusal.value.code == "unanswered"
    request_answer(**fresh(row), words="三个工作日内提供。", by=owner)
    with pytest.raises(Conflict) as refusal:
        request_close(**fresh(row), words="客户确认。", is_content=True, by=owner)
    assert refusal.value.code == "unsolved"
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceRequest.objects.filter(pk=row.pk).update(state="closed", closed_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        RequestStep.objects.update(words="改写")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_the_same_request_within_a_day_is_asked_back(client_of_owner: Any, owner: Person) -> None:
    asked(client_of_owner)
    given = {"client": client_of_owner, "kind": "question", "channel": "email", "by": owner}
    with pytest.raises(BadInput) as refusal:
        request_record(words=f" {WORDS.replace('。', '')} ", **given)
    assert (refusal.value.code, set(refusal.value.errors)) == ("double", {"again"})
    form = {
        "client": client_of_owner.pk,
        "channel": "phone",
        "kind": "document",
        "words": WORDS,
        "asked_at": clock.now().astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
        "goes_to": "me",
    }
    page = browser_for(owner)
    answer = page.post(reverse("clients:request_create"), form)
    said = answer.content.decode()
    assert answer.status_code == 400 and 'type="checkbox" name="again"' in said and WORDS in said
    assert page.post(reverse("clients:request_create"), {**form, "again": "on"}).status_code == 302
    assert ServiceRequest.objects.count() == 2
    with clock.at(clock.now() + timedelta(hours=25)):
        request_record(words=WORDS, **given)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("words", {"words": "。"}),
        ("asked_at", {"asked_at": timedelta(minutes=5)}),
        ("asked_at", {"asked_at": timedelta(days=-31)}),
        ("kind", {"kind": "loan shark"}),
    ],
)
def test_a_wrong_request_is_refused_by_field(client_of_owner: Any, field: str, facts: dict[str, Any]) -> None:
    told = {name: clock.now() + value if isinstance(value, timedelta) else value for name, value in facts.items()}
    with pytest.raises(BadInput) as refusal:
        asked(client_of_owner, **told)
    assert set(refusal.value.errors) == {field} and not ServiceRequest.objects.exists()


def test_a_contact_or_interaction_of_another_client_does_not_exist(client_of_owner: Any, owner: Person) -> None:
    other = ClientFactory(by=owner)
    for name, row in (("contact", ContactFactory(client=other)), ("interaction", visit(other))):
        with pytest.raises(BadInput) as refusal:
            asked(client_of_owner, **{name: row})
        assert set(refusal.value.errors) == {name}


def test_who_handles_requests_and_who_only_sees_them(client_of_owner: Any, owner: Person, head: Person) -> None:
    row = asked(client_of_owner)
    with pytest.raises(NotPermitted):
        request_take(**fresh(row), by=head)
    for part in ("colleague", "back_office"):
        with pytest.raises(NotVisible):
            request_take(**fresh(row), by=cast_member(part))
    colleague, desk = cast_member("colleague"), cast_member("back_office")
    with pytest.raises(BadInput):
        request_assign(**fresh(row), owner=colleague, by=head)
    co_manager_add(client=client_of_owner, person=colleague, by=owner)
    request_assign(**fresh(row), owner=colleague, words="外出，请代办", by=head)
    assert todo_of(row).owner == colleague  # type: ignore[union-attr]
    # The service desk works on the requests of clients it was granted to see, and on nothing else of theirs.
    told = {"action": "view", "person_ids": {desk.pk}, "source": "manual", "reason": "服务台"}
    set_grants(ClientGrant, client_of_owner, **told, by=SYSTEM)
    request_assign(**fresh(row), owner=desk, by=owner)
    request_answer(**fresh(row), words="三个工作日内提供。", by=desk)
    asked(client_of_owner, words="询问提前还款流程。", by=desk)
    with pytest.raises(NotPermitted):
        visit(client_of_owner, by=desk)


def test_a_request_past_its_hours_tells_the_head_once(client_of_owner: Any, head: Person, owner: Person) -> None:
    with clock.at(WEDNESDAY):
        late, answered = asked(client_of_owner), asked(client_of_owner)
        request_answer(**fresh(answered), words="三个工作日内提供。", by=owner)
    with clock.at(datetime(2026, 4, 16, 9, 29, tzinfo=SHANGHAI)):
        relay_due()
        assert not Notice.objects.filter(kind=LATE).exists()
    for minute in (31, 41):
        with clock.at(datetime(2026, 4, 16, 9, minute, tzinfo=SHANGHAI)):
            relay_due()
    notice = Notice.objects.get(kind=LATE)
    assert (notice.recipient, notice.object_id, notice.is_escalation) == (head, str(late.pk), True)
    late.refresh_from_db()
    assert late.late_at is not None
    with clock.at(datetime(2026, 4, 16, 10, tzinfo=SHANGHAI)):
        assert late.shown_state == "late"
        said = browser_for(head).get(f"{reverse('clients:request_list')}?late=true").content.decode()
    assert late.title in said


def test_a_request_becomes_a_promise_with_the_interaction_it_came_from(client_of_owner: Any, owner: Person) -> None:
    talk = visit(client_of_owner, needs="希望增加承兑额度。")
    page = browser_for(owner)
    assert f"?interaction={talk.pk}" in page.get(talk.get_absolute_url()).content.decode()
    form = page.get(f"{reverse('clients:request_create')}?interaction={talk.pk}").content.decode()
    assert "希望增加承兑额度。" in form
    from_talk, by_phone = asked(client_of_owner, interaction=talk), asked(client_of_owner, words="请电话告知利率。")
    told = {"what": "提供额度测算", "owner": owner, "due_on": clock.today(), "by": owner}
    request_promise(**fresh(from_talk), **told)
    assert Promise.objects.get().interaction == talk
    request_promise(**fresh(by_phone), **told)
    by_phone.refresh_from_db()
    assert by_phone.interaction is not None and by_phone.interaction.words == "请电话告知利率。"
    assert Interaction.objects.count() == 2
    assert Todo.objects.filter(kind="interaction.promise", owner=owner).count() == 2


def test_the_measures_are_medians_and_shares_of_what_one_may_see(client_of_owner: Any, owner: Person) -> None:
    minutes = (30, 60, 90, 120, 24 * 60)
    for count, length in enumerate(minutes):
        with clock.at(WEDNESDAY):
            row = asked(client_of_owner, words=f"{WORDS}{count}")
        with clock.at(WEDNESDAY + timedelta(minutes=length)):
            act = request_solve if count < 2 else request_answer
            act(**fresh(row), words="三个工作日内提供。", by=owner)
    with clock.at(WEDNESDAY + timedelta(days=3)):
        found = measures(viewer=owner)
        assert (found.count, found.answered, found.in_time, found.solved, found.at_once) == (5, 5, 4, 2, 2)
        assert (found.first_hours, found.in_time_percent, found.at_once_percent) == (1.5, 80, 100)
        assert found.solve_hours is None and found.before_hours is None
        assert not measures(viewer=cast_member("colleague")).is_enough
        said = browser_for(owner).get(reverse("clients:request_list")).content.decode()
        assert "1.5" in said and "80%" in said
    with clock.at(WEDNESDAY + timedelta(days=100)):
        assert measures(viewer=owner).first_before == 90


def test_page_and_service_offer_the_same_acts(client_of_owner: Any, owner: Person) -> None:
    acts = ("take", "assign", "answer", "solve", "close", "reopen", "promise")
    page = browser_for(owner)

    def offered(row: ServiceRequest) -> set[str]:
        said = page.get(row.get_absolute_url()).content.decode()
        return {act for act in acts if reverse(f"clients:request_{act}", args=[row.pk]) in said}

    row = asked(client_of_owner)
    assert offered(row) == {"take", "assign", "solve", "promise"}
    request_take(**fresh(row), by=owner)
    assert offered(row) == {"assign", "answer", "solve", "promise"}
    with pytest.raises(Conflict) as refusal:
        request_take(**fresh(row), by=owner)
    assert refusal.value.code == "taken"
    request_solve(**fresh(row), words="凭证已寄送。", by=owner)
    assert offered(row) == {"assign", "close", "reopen"}
    request_close(**fresh(row), words="客户确认收到。", is_content=False, by=owner)
    assert offered(row) == {"reopen"}


def test_another_system_files_answers_and_closes(client_of_owner: Any, owner: Person) -> None:
    api, body = api_for(owner), {"client": client_of_owner.pk, "kind": "document", "words": WORDS}
    made = api.post("/api/v1/requests/", body, format="json")
    assert made.status_code == 201 and made.json()["owner"] is None
    double = api.post("/api/v1/requests/", body, format="json")
    assert (double.status_code, double.json()["errors"][0]["field"]) == (400, "again")
    address, version = f"/api/v1/requests/{made.json()['id']}", made.json()["version"]
    for act, given in (
        ("take", {}),
        ("reply", {"words": "三个工作日内提供。"}),
        ("solve", {"words": "凭证已寄送。"}),
        ("close", {"words": "客户确认收到。", "is_content": True}),
    ):
        answer = api.post(f"{address}/{act}/", {**given, "expected_version": version}, format="json")
        assert answer.status_code == 200, answer.json()
        version = answer.json()["version"]
    assert answer.json()["state"] == "closed" and len(answer.json()["steps"]) == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_wins(owner: Person) -> None:
    client, colleague = ClientFactory(by=owner), cast_member("colleague")
    co_manager_add(client=client, person=colleague, by=owner)
    row, start, said = asked(client), threading.Barrier(2), dict[str, str]()

    def take(person: Person) -> None:
        start.wait()
        try:
            request_take(request=row, expected_version=row.version, by=person)
            said[person.name] = "took"
        except DomainError as error:
            said[person.name] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in (owner, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert sorted(said.values())[-1] == "took" and list(said.values()).count("took") == 1
    assert said[row.owner.name] == "took" and row.steps.count() == 1  # type: ignore[union-attr]
