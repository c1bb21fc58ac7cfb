"""What people do with a warning: answer, close by a second person; and what the database refuses whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from clients.file.services import client_confirm, co_manager_add
from clients.file.tests.factories import ClientFactory
from clients.standing.models import Standing
from crm.kernel.access.errors import NotPermitted, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.services import todo_escalate, todo_open
from crm.tests.support.people import api_for, browser_for, make_account
from risk.indicators.models import WarningEpisode
from risk.indicators.services import warning_close, warning_respond
from risk.indicators.services.todos import ANSWER
from risk.indicators.tests.factories import open_warning
from risk.reviews.tests.factories import make_project

pytestmark = pytest.mark.django_db
TEXT = "已约客户下周现场核实。"


def test_the_database_refuses_that_who_answered_closes(owner, head):
    warning = open_warning(ClientFactory())
    warning_respond(warning=warning, response=TEXT, expected_version=1, by=owner)
    now = {"closed_at": clock.now(), "closed_on": clock.today(), "closing": "自己关闭"}
    with pytest.raises(IntegrityError, match="risk_warning_closed_by_another"), transaction.atomic():
        WarningEpisode.objects.filter(pk=warning.pk).update(closed_by=owner, **now)
    WarningEpisode.objects.filter(pk=warning.pk).update(closed_by=head, **now)
    with pytest.raises(DatabaseError, match="a closed one stays closed"), transaction.atomic():
        WarningEpisode.objects.filter(pk=warning.pk).update(closing="改写")


def test_the_database_refuses_a_second_open_warning_and_a_closing_without_an_answer(owner, head):
    warning = open_warning(ClientFactory())
    with pytest.raises(IntegrityError, match="risk_warning_one_open"), transaction.atomic():
        open_warning(warning.client)
    now = {"closed_at": clock.now(), "closed_on": clock.today(), "closing": "无人回应"}
    with pytest.raises(IntegrityError, match="risk_warning_closed_after_answer"), transaction.atomic():
        WarningEpisode.objects.filter(pk=warning.pk).update(closed_by=head, **now)
    with pytest.raises(DatabaseError, match="evidence"), transaction.atomic():
        warning.observations.all()._raw_delete("default")


def test_an_answer_then_a_second_person_closes_and_standing_follows(owner, head):
    warning = open_warning(ClientFactory())
    Standing.objects.update_or_create(client=warning.client, defaults={"open_ambers": 1})
    with pytest.raises(RuleRefused):
        warning_close(warning=warning, closing="同意关闭。", expected_version=1, by=head)
    warning_respond(warning=warning, response=TEXT, expected_version=1, by=owner)
    assert Todo.objects.get(kind="risk.warning_close").owner_id == head.pk
    with pytest.raises(NotPermitted):
        warning_close(warning=warning, closing="自己关闭。", expected_version=2, by=owner)
    warning_close(warning=warning, closing="同意关闭。", expected_version=2, by=head)
    assert not Todo.objects.filter(done_at__isnull=True).exists()
    assert Standing.objects.get(client=warning.client).open_ambers == 0
    assert list(warning.observations.values_list("kind", flat=True)) == ["opened", "responded", "closed"]
    assert AuditEvent.objects.filter(action__in=["warning.responded", "warning.closed"]).count() == 2


@pytest.mark.parametrize("tie", ["owner", "co_manager", "investigator", "none"])
def test_the_closing_is_asked_of_somebody_who_may_close(tie, owner, head, risk_assessor, final_approver, assistant):
    """The head where nothing ties the head to the client, else a risk assessor; never who decides last above."""
    client = ClientFactory(by=head if tie == "owner" else owner)
    if tie == "co_manager":
        co_manager_add(client=client, person=head, by=owner)
    if tie == "investigator":
        make_project(client).investigators.filter(part="assistant").update(person=head)
    warning = open_warning(client)
    warning_respond(warning=warning, response=TEXT, expected_version=1, by=client.owner)
    asked = Todo.objects.get(kind="risk.warning_close").owner
    assert asked == (head if tie == "none" else risk_assessor)
    assert WarningEpisode.objects.visible_to(asked, "close").filter(pk=warning.pk).exists()


def test_a_second_account_of_the_same_person_closes_nothing(head):
    """The head keeps this client: neither of the two accounts makes a second person of one."""
    warning = open_warning(ClientFactory(by=head))
    make_account(head)
    warning_respond(warning=warning, response=TEXT, expected_version=1, by=head)
    with pytest.raises(NotPermitted):
        warning_close(warning=warning, closing="自己关闭。", expected_version=2, by=head)


def test_the_api_answers_and_closes_by_version(owner, head, stranger):
    warning = open_warning(ClientFactory())
    respond, close = (reverse(f"api:warning-{act}", args=[warning.pk]) for act in ("respond", "close"))
    mine = api_for(owner)
    assert mine.post(respond, {"response": TEXT}, format="json").status_code == 428
    assert mine.post(respond, {"response": TEXT}, format="json", headers={"If-Match": '"7"'}).status_code == 412
    assert api_for(stranger).post(respond, {"response": TEXT}, format="json").status_code == 404
    done = mine.post(respond, {"response": TEXT}, format="json", headers={"If-Match": '"1"'})
    assert (done.status_code, done.json()["version"], done.headers["ETag"]) == (200, 2, '"2"')
    assert mine.post(respond, {"response": TEXT, "expected_version": 2}, format="json").status_code == 409
    assert mine.post(close, {"closing": "自己关闭。", "expected_version": 2}, format="json").status_code == 403
    closed = api_for(head).post(close, {"closing": "同意关闭。", "expected_version": 2}, format="json")
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")


def test_the_pages_explain_the_warning_and_the_client_page_tells_of_it(owner):
    warning = open_warning(ClientFactory())
    Standing.objects.update_or_create(
        client=warning.client, defaults={"open_ambers": 1, "warnings_as_of": clock.today()}
    )
    browser = browser_for(owner)
    page = browser.get(warning.get_absolute_url()).content.decode()
    assert (
        "indicator.file_confirmation" not in page
        and "档案" in page
        and reverse("risk:warning_respond", args=[warning.pk]) in page
    )
    assert warning.client.name in browser.get(reverse("risk:warning_list")).content.decode()
    assert (
        reverse("risk:warning_panel", args=[warning.client_id])
        in browser.get(warning.client.get_absolute_url()).content.decode()
    )


def test_confirming_the_facts_names_the_source_and_grows_the_version(owner, colleague):
    client = ClientFactory()
    row = client_confirm(client=client, source="营业执照原件", expected_version=1, by=owner)
    assert (row.confirmed_on, row.confirmed_source, row.version) == (clock.today(), "营业执照原件", 2)
    assert AuditEvent.objects.get(action="client.confirmed").after["confirmed_source"] == "营业执照原件"


def test_who_hears_that_a_warning_is_late_and_does_not_see_the_client_hears_no_name(
    owner, head, final_approver, mailoutbox
):
    Person.objects.filter(pk__in=[head.pk, final_approver.pk]).update(email="chief@sanshen.example")
    warning = open_warning(ClientFactory(owner=owner))
    name, url = warning.client.name, warning.get_absolute_url()
    data = {"indicator": warning.indicator, "level": warning.level, "client": name}
    common = {"kind": ANSWER, "subject": warning, "owner": owner, "due_on": clock.today(), "url": url, "data": data}
    todo = todo_open(**common, by=SYSTEM)
    assert todo_escalate(todo=todo, by=SYSTEM) == head
    relay_due()
    assert [name in message.body for message in mailoutbox] == [True]
    assert todo_escalate(todo=todo, by=SYSTEM) == final_approver
    relay_due()
    message = mailoutbox[-1]
    assert owner.name in message.body and name not in message.subject + message.body and url not in message.body
    row = api_for(final_approver).get(f"/api/v1/worklist/{todo.pk}/").json()
    [listed] = api_for(final_approver).get("/api/v1/worklist/").json()["results"]
    assert row["title"] == listed["title"] and row["url"] == listed["url"] == todo.nudge_url
    pages = [browser_for(final_approver).get(reverse(page)) for page in ("home:my_day", "notify:notice_list")]
    for text in (row["title"], *(page.content.decode() for page in pages)):
        assert name not in text and url not in text
    seen = api_for(owner).get(f"/api/v1/worklist/{todo.pk}/").json()
    assert name in seen["title"] and seen["url"] == url


def test_a_refusal_says_what_why_by_which_rule_and_where_to_go(owner, head):
    warning = open_warning(ClientFactory(owner=owner))
    answer = browser_for(head).get(reverse("risk:warning_respond", args=[warning.pk]))
    page = answer.content.decode()
    assert answer.status_code == 403
    for words in ("您不能办理：回应预警", "权限规则", "客户经理", f'href="{warning.get_absolute_url()}"'):
        assert words in page, words
