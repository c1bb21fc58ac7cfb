"""Interactions: recorded in one short form, planned, held, corrected in time, added to; promises kept as to-dos."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clients.file.services import client_reassign, co_manager_add, contact_delete
from clients.file.tests.factories import ClientFactory, ContactFactory
from clients.relations.models import Interaction, Participant
from clients.relations.services import (
    interaction_cancel,
    interaction_correct,
    interaction_hold,
    minutes_write,
    note_add,
    promise_add,
    promise_settle,
)
from clients.relations.services.duties import MINUTES_TODO, NEXT_TODO, PLANNED_TODO, PROMISE_TODO
from clients.relations.tests.factories import WORDS, planned, visit
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_owner(owner: Person) -> Any:
    return ClientFactory(by=owner)


def open_todo(kind: str, subject: Any) -> Todo | None:
    return Todo.objects.filter(
        kind=kind, object_type=subject._meta.label_lower, object_id=str(subject.pk), done_at__isnull=True
    ).first()


def wrong_fields(**facts: Any) -> set[str]:
    """The fields that a refused interaction names; it left nothing behind."""
    with pytest.raises(BadInput) as refusal:
        visit(**facts)
    assert not Interaction.objects.exists()
    return set(refusal.value.errors)


def test_a_visit_is_recorded_on_a_phone_with_four_fields(client_of_owner: Any, owner: Person) -> None:
    page, client = browser_for(owner), client_of_owner
    form = page.get(f"{reverse('clients:interaction_create')}?client={client.pk}").content.decode()
    assert "data-draft=" in form and client.name in form
    now = clock.now().strftime("%Y-%m-%dT%H:%M")
    given = {"client": client.pk, "state": "held", "kind": "visit", "starts_at": now, "words": WORDS}
    answer = page.post(reverse("clients:interaction_create"), given)
    row = Interaction.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == row.get_absolute_url()
    assert (row.state, row.words, row.recorded_by) == ("held", WORDS, owner)
    assert [line.person for line in row.participants.all()] == [owner]
    assert WORDS[:20] in page.get(row.get_absolute_url()).content.decode()
    panel = page.get(reverse("clients:interaction_panel", args=[client.pk]), headers={"HX-Request": "true"})
    assert row.title in panel.content.decode()


def test_the_form_keeps_what_was_typed_when_it_is_refused(client_of_owner: Any, owner: Person) -> None:
    contact = ContactFactory(client=client_of_owner)
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    given = {
        "client": client_of_owner.pk,
        "state": "held",
        "kind": "visit",
        "starts_at": tomorrow,
        "words": WORDS,
        "contacts": [contact.pk],
        "promise_what": "提供清单",
    }
    answer = browser_for(owner).post(reverse("clients:interaction_create"), given)
    said = answer.content.decode()
    assert answer.status_code == 422 and WORDS in said and contact.name in said
    assert not Interaction.objects.exists()


def test_a_wrong_promise_is_named_by_its_place_and_beside_its_field(client_of_owner: Any, owner: Person) -> None:
    past = (clock.today() - timedelta(days=1)).isoformat()
    right = {"what": "提供清单", "owner": owner.pk, "due_on": clock.today().isoformat()}
    wrong = {"what": "清", "owner": cast_member("colleague").pk, "due_on": past}
    body = {"client": client_of_owner.pk, "kind": "visit", "words": WORDS}
    answer = api_for(owner).post("/api/v1/interactions/", {**body, "promises": [right, wrong]}, format="json")
    named = {error["field"] for error in answer.json()["errors"]}
    assert (answer.status_code, named) == (400, {"promises.1.what", "promises.1.owner", "promises.1.due_on"})
    now = clock.now().strftime("%Y-%m-%dT%H:%M")
    given = {**body, "state": "held", "starts_at": now, "promise_what": "提供清单", "promise_due_on": past}
    page = browser_for(owner).post(reverse("clients:interaction_create"), given)
    assert set(page.context["form"].errors) == {"promise_due_on"}
    assert not Interaction.objects.exists()


def test_only_what_the_minutes_can_say_later_may_stay_empty(client_of_owner: Any, owner: Person) -> None:
    form = browser_for(owner).get(f"{reverse('clients:interaction_create')}?client={client_of_owner.pk}")
    label = form.content.decode().split('<label for="id_words">')[1].split("</label>")[0]
    assert "选填" not in label and "纪要" in label


def test_who_does_not_work_on_the_client_records_nothing(client_of_owner: Any) -> None:
    for part, refusal in (("head", NotPermitted), ("auditor", NotPermitted), ("colleague", NotVisible)):
        with pytest.raises(refusal):
            visit(client_of_owner, by=cast_member(part))
    assert not Interaction.objects.exists()


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("starts_at", {"starts_at": timedelta(days=1)}),
        ("starts_at", {"starts_at": timedelta(days=-400)}),
        ("ends_at", {"ends_at": timedelta(hours=-2)}),
        ("ends_at", {"ends_at": timedelta(hours=2)}),
        ("words", {"words": " "}),
        ("kind", {"kind": "dinner"}),
        ("link", {"link": "https://meeting.example.com/j/1"}),
        ("link", {"kind": "online", "link": "javascript:alert(1)"}),
        ("next_on", {"next_what": "收账龄明细"}),
        ("next_on", {"next_on": timedelta(days=-1)}),
        ("guests", {"guests": [f"来宾{number}" for number in range(10_000)]}),
        ("guests", {"guests": ["来" * 61]}),
    ],
)
def test_a_wrong_interaction_is_refused_with_field_and_reason(
    client_of_owner: Any, field: str, facts: dict[str, Any]
) -> None:
    given = {}
    for name, value in facts.items():
        moment = clock.now() + value if isinstance(value, timedelta) else value
        given[name] = clock.today() + value if name == "next_on" and isinstance(value, timedelta) else moment
    assert wrong_fields(client=client_of_owner, **given) == {field}


def test_a_colleague_who_left_and_a_foreign_contact_take_no_part(client_of_owner: Any, owner: Person) -> None:
    gone, foreign = cast_member("colleague"), ContactFactory(client=ClientFactory(by=owner))
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    assert wrong_fields(client=client_of_owner, people=[gone]) == {"people"}
    assert wrong_fields(client=client_of_owner, contacts=[foreign]) == {"contacts"}
    # Whether a contact of another client exists is not to be learned from the refusal.
    told = {"client": client_of_owner.pk, "kind": "visit", "words": WORDS}
    refusals = [
        api_for(owner).post("/api/v1/interactions/", {**told, "contacts": [key]}, format="json")
        for key in (foreign.pk, foreign.pk + 1000)
    ]
    assert [answer.status_code for answer in refusals] == [400, 400]
    reasons = [answer.json()["errors"][0]["reason"] for answer in refusals]
    assert reasons[0].replace(str(foreign.pk), str(foreign.pk + 1000)) == reasons[1]


def test_a_contact_who_is_taken_out_of_the_file_leaves_the_name(client_of_owner: Any, owner: Person) -> None:
    contact = ContactFactory(client=client_of_owner)
    row = visit(client_of_owner, contacts=[contact, contact], guests=["沈亦舟", "沈亦舟"])
    contact_delete(contact=contact, expected_version=contact.version, by=owner)
    lines = [(line.name, line.title, line.contact_id) for line in row.participants.filter(person=None)]
    assert lines == [("钟启昂", "财务总监", None), ("沈亦舟", "", None)]


def test_the_next_contact_is_a_to_do_until_the_next_interaction(client_of_owner: Any, owner: Person) -> None:
    day = clock.today() + timedelta(days=7)
    visit(client_of_owner, next_on=day, next_what="收账龄明细")
    todo = open_todo(NEXT_TODO, client_of_owner)
    assert todo is not None and (todo.owner, todo.due_on) == (owner, day)
    # One that lies further back, entered later, does not overtake it.
    visit(client_of_owner, starts_at=clock.now() - timedelta(days=3))
    assert open_todo(NEXT_TODO, client_of_owner) == todo
    visit(client_of_owner, kind="call", starts_at=clock.now() - timedelta(minutes=1))
    assert open_todo(NEXT_TODO, client_of_owner) is None


def test_a_planned_one_is_a_to_do_until_it_is_held_or_cancelled(client_of_owner: Any, owner: Person) -> None:
    first, second = planned(client_of_owner), planned(client_of_owner, kind="call")
    assert open_todo(PLANNED_TODO, first) is not None
    with clock.at(clock.now() + timedelta(days=2)):
        held = interaction_hold(interaction=first, expected_version=1, words=WORDS, by=owner)
        assert (held.state, held.purpose, open_todo(PLANNED_TODO, first)) == ("held", first.purpose, None)
        with pytest.raises(Conflict):
            interaction_cancel(interaction=first, reason="另约时间", expected_version=2, by=owner)
    gone = interaction_cancel(interaction=second, reason="另约时间", expected_version=1, by=owner)
    assert (gone.state, open_todo(PLANNED_TODO, second)) == ("cancelled", None)
    with pytest.raises(Conflict):
        interaction_hold(interaction=second, expected_version=2, words=WORDS, by=owner)


def test_the_page_records_what_came_of_a_planned_one_and_whom_we_met(client_of_owner: Any, owner: Person) -> None:
    row, contact = planned(client_of_owner, kind="visit"), ContactFactory(client=client_of_owner)
    with clock.at(row.starts_at + timedelta(hours=1)):
        given = {"kind": "visit", "starts_at": clock.now().strftime("%Y-%m-%dT%H:%M"), "words": WORDS, "version": 1}
        address = reverse("clients:interaction_hold", args=[row.pk])
        answer = browser_for(owner).post(address, {**given, "contacts": [contact.pk], "guests": "李工，王工"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.words) == ("held", WORDS)
    assert [line.name for line in row.participants.all()] == [owner.name, contact.name, "李工", "王工"]


def test_page_and_service_offer_the_same_acts_in_each_state(client_of_owner: Any, owner: Person) -> None:
    first, gone, page = planned(client_of_owner), planned(client_of_owner, kind="call"), browser_for(owner)
    promise = promise_add(interaction=gone, what="提供清单", owner=owner, due_on=clock.today(), by=owner)
    interaction_cancel(interaction=gone, reason="另约时间", expected_version=1, by=owner)
    offered = {}
    for row in (first, gone):
        said = page.get(row.get_absolute_url()).content.decode()
        acts = ("hold", "cancel", "correct", "note", "promise", "minutes")
        offered[row.pk] = {code for code in acts if reverse(f"clients:interaction_{code}", args=[row.pk]) in said}
    assert offered == {first.pk: {"hold", "cancel", "correct", "promise"}, gone.pk: {"note"}}
    assert reverse("clients:promise_settle", args=[promise.pk]) in said
    with pytest.raises(Conflict):
        note_add(interaction=first, text="客户改期。", by=owner)
    with pytest.raises(Conflict):
        promise_add(interaction=gone, what="提供清单", owner=owner, due_on=clock.today(), by=owner)
    with pytest.raises(Conflict):
        minutes_write(interaction=first, words=WORDS, expected_version=1, by=owner)


def test_nobody_plans_into_the_past_or_without_purpose(client_of_owner: Any) -> None:
    for field, facts in (("starts_at", {"starts_at": clock.now()}), ("purpose", {"purpose": ""})):
        with pytest.raises(BadInput) as refusal:
            planned(client_of_owner, **facts)
        assert set(refusal.value.errors) == {field}


def test_minutes_are_due_on_the_third_working_day_whatever_the_holidays(client_of_owner: Any, owner: Person) -> None:
    # 2026: National Day from 1 to 7 October; 10 October is a working Saturday.
    with clock.at(date(2026, 9, 30)):
        row = visit(client_of_owner, kind="dialogue", words="")
        todo = open_todo(MINUTES_TODO, row)
        assert todo is not None and todo.due_on == date(2026, 10, 10)
    with clock.at(date(2026, 10, 20)):
        written = minutes_write(interaction=row, words=WORDS, expected_version=1, by=owner)
        assert (written.words, open_todo(MINUTES_TODO, row)) == (WORDS, None)
        with pytest.raises(Conflict):
            minutes_write(interaction=row, words="另一份", expected_version=2, by=owner)


def test_the_head_is_told_on_the_working_day_after_minutes_were_due(
    client_of_owner: Any, owner: Person, head: Person
) -> None:
    def count_told(moment: datetime) -> int:
        with clock.at(moment):
            relay_due()
        return Notice.objects.filter(recipient=head, kind="todo.escalated").count()

    # Ahead of the real day, on which the cast gets its roles: held on a Tuesday, due on Friday, told on Monday.
    with clock.at(date(2030, 3, 5)):
        row = visit(client_of_owner, kind="dialogue", words="", purpose="一季度高层对话", starts_at=clock.now())
        visit(client_of_owner, kind="dialogue", purpose="已有纪要的对话", starts_at=clock.now())
    assert count_told(datetime(2030, 3, 10, 18, tzinfo=clock.SHANGHAI)) == 0
    assert count_told(datetime(2030, 3, 11, 10, tzinfo=clock.SHANGHAI)) == 1
    todo = open_todo(MINUTES_TODO, row)
    assert todo is not None and todo.escalated_to == head


def test_who_recorded_it_corrects_it_for_three_days_and_the_former_text_stays(
    client_of_owner: Any, owner: Person
) -> None:
    helper = cast_member("colleague")
    co_manager_add(client=client_of_owner, person=helper, by=owner)
    row = visit(client_of_owner)
    with pytest.raises(NotPermitted):
        interaction_correct(interaction=row, changes={"place": "工厂"}, expected_version=1, by=helper)
    changes = {"words": "更正后的内容", "guests": ["沈亦舟"]}
    changed = interaction_correct(interaction=row, changes=changes, expected_version=1, by=owner)
    assert (changed.words, changed.participants.count()) == ("更正后的内容", 2)
    event = AuditEvent.objects.filter(action="interaction.corrected").latest("pk")
    assert event.before["words"] == WORDS and event.after["words"] == "更正后的内容"
    with clock.at(clock.now() + timedelta(days=3, hours=1)), pytest.raises(Conflict) as refusal:
        interaction_correct(interaction=row, changes={"words": "又改"}, expected_version=2, by=owner)
    assert refusal.value.code == "too_late"
    note = note_add(interaction=row, text="客户次日来电更正口径。", by=helper)
    assert note.text in browser_for(owner).get(row.get_absolute_url()).content.decode()


def test_the_database_keeps_what_was_recorded(client_of_owner: Any, owner: Person) -> None:
    row, other = visit(client_of_owner), ClientFactory(by=owner)
    note = note_add(interaction=row, text="客户次日来电更正口径。", by=owner)
    rows = Interaction.objects.filter(pk=row.pk)
    for act in (
        lambda: rows.update(client=other),
        lambda: rows.update(state="planned", held_at=None, purpose="改期"),
        lambda: Participant.objects.filter(interaction=row).delete() and rows._raw_delete("default"),
        lambda: type(note).objects.update(text="改"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Interaction.objects.get().words == WORDS


def test_a_promise_is_its_owners_to_do_until_it_is_settled_once(client_of_owner: Any, owner: Person) -> None:
    row, helper = visit(client_of_owner), cast_member("colleague")
    day = clock.today() + timedelta(days=2)
    with pytest.raises(BadInput) as refusal:
        promise_add(interaction=row, what="提供清单", owner=helper, due_on=day, by=owner)
    assert set(refusal.value.errors) == {"owner"}
    co_manager_add(client=client_of_owner, person=helper, by=owner)
    promise = promise_add(interaction=row, what="提供清单", owner=helper, due_on=day, by=owner)
    todo = open_todo(PROMISE_TODO, promise)
    assert todo is not None and (todo.owner, todo.due_on) == (helper, day)
    assert "提供清单" in browser_for(helper).get("/").content.decode()
    promise_settle(promise=promise, state="kept", outcome="已发客户财务部", by=helper)
    assert open_todo(PROMISE_TODO, promise) is None
    with pytest.raises(Conflict):
        promise_settle(promise=promise, state="dropped", outcome="不再需要", by=owner)


def test_the_api_records_holds_and_adds(client_of_owner: Any, owner: Person) -> None:
    api, contact = api_for(owner), ContactFactory(client=client_of_owner)
    body = {
        "client": client_of_owner.pk,
        "kind": "visit",
        "words": WORDS,
        "contacts": [contact.pk],
        "promises": [{"what": "提供清单", "owner": owner.pk, "due_on": clock.today().isoformat()}],
    }
    made = api.post("/api/v1/interactions/", body, format="json")
    assert made.status_code == 201
    told = made.json()
    assert [line["name"] for line in told["participants"]] == [owner.name, contact.name]
    assert [one["what"] for one in told["promises"]] == ["提供清单"]
    url = f"/api/v1/interactions/{told['id']}/"
    assert api.patch(url, {"place": "工厂"}, format="json").status_code == 428
    assert (
        api.patch(url, {"place": "工厂"}, format="json", headers={"If-Match": made["ETag"]}).json()["place"] == "工厂"
    )
    assert api.post(f"{url}note/", {"text": "口径更正"}, format="json").json()["notes"][0]["text"] == "口径更正"
    assert (
        api.post("/api/v1/interactions/", {**body, "starts_at": "2999-01-01T00:00:00Z"}, format="json").status_code
        == 400
    )


def test_the_next_contact_goes_with_the_client(client_of_owner: Any, owner: Person) -> None:
    heir = cast_member("colleague")
    client_reassign(
        client=client_of_owner, owner=heir, expected_version=client_of_owner.version, by=cast_member("head")
    )
    client_of_owner.refresh_from_db()
    visit(client_of_owner, by=heir, next_on=clock.today() + timedelta(days=5), next_what="核对放款材料")
    todo = open_todo(NEXT_TODO, client_of_owner)
    assert todo is not None and todo.owner == heir
