"""What becomes of conditions after the approval: reported as met by one, settled by another, heard by the night."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.file.services import co_manager_add
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, PreconditionRequired, Stale
from crm.kernel.audit.models import AuditEvent
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member
from risk.indicators.models import WarningEpisode
from risk.indicators.tests.factories import night
from risk.reviews.models import Condition, ReviewCase
from risk.reviews.selectors import get_review
from risk.reviews.services import condition_report, condition_settle
from risk.reviews.services.conditions import MEET, SETTLE
from risk.reviews.tests.factories import decide, make_client, make_project, submit
from risk.reviews.views.case.page import CasePage
from risk.reviews.views.sheet import sheet_data

pytestmark = pytest.mark.django_db
TEXT = "批复原件 11 月 24 日收到，已归档。"
DAYS = 20


@pytest.fixture(autouse=True)
def second_people(db, head, risk_assessor):
    """Who may be the second person."""


def approved(keeper: Person | None = None, **more: Any) -> Condition:
    """The one condition of an approved case of `keeper`, due in twenty days unless told."""
    case = submit(make_project(make_client(keeper or cast_member("owner")), lead=cast_member("owner")))
    row = {"text": "接入系统批复原件", "due_on": clock.today() + timedelta(days=DAYS), **more}
    decide(case, cast_member("initial_reviewer"))
    decide(case, cast_member("recheck_reviewer"), "approve_with_conditions", conditions=[row])
    decide(case, cast_member("final_approver"))
    return Condition.objects.get(case=case)


def report(condition: Condition, by: Person, **more: Any) -> Condition:
    condition.refresh_from_db()
    given = {"evidence": TEXT, "expected_version": condition.version, **more}
    return condition_report(condition=condition, by=by, **given)


def settle(condition: Condition, by: Person, verdict: str = "met", **more: Any) -> Condition:
    condition.refresh_from_db()
    given = {"verdict": verdict, "expected_version": condition.version, **more}
    return condition_settle(condition=condition, by=by, **given)


def waiting(kind: str) -> list[tuple[str, Any]]:
    """Whose open to-dos of a kind there are, and until when."""
    return list(Todo.objects.filter(kind=kind, done_at=None).values_list("owner__name", "due_on"))


def test_one_reports_a_condition_as_met_and_a_second_person_settles_it(owner, head):
    condition = approved()
    report(condition, owner)
    condition.refresh_from_db()
    assert (condition.status, condition.reported_by, condition.evidence) == ("to_verify", owner, TEXT)
    settle(condition, head)
    condition.refresh_from_db()
    assert (condition.status, condition.settled_by, condition.version) == ("met", head, 3)
    events = AuditEvent.objects.filter(subject_type="risk.condition").order_by("id")
    assert [(event.action, event.after["status"]) for event in events] == [
        ("condition.reported", "to_verify"),
        ("condition.settled", "met"),
    ]


def test_a_waiver_and_a_sending_back_need_a_reason(owner, head):
    condition = approved()
    report(condition, owner)
    for verdict in ("waived", "open"):
        with pytest.raises(BadInput) as refused:
            settle(condition, head, verdict, reason=" ")
        assert refused.value.field == "reason"
    with pytest.raises(BadInput) as refused:
        settle(condition, head, "lapsed", reason="不再需要")
    assert refused.value.field == "verdict"
    settle(condition, head, "open", reason="缺签章页")
    report(condition, owner)
    assert settle(condition, head, "waived", reason="项目已并网，批复不再需要").status == "waived"


def test_neither_who_reported_nor_who_answers_for_it_nor_who_works_on_the_client_settles_it(
    owner, head, colleague, assistant, risk_assessor, initial_reviewer
):
    condition = approved()
    client = condition.case.project.client
    co_manager_add(client=client, person=colleague, by=owner)
    make_project(client).investigators.filter(part="assistant").update(person=risk_assessor)
    with pytest.raises(NotPermitted):
        report(condition, head)
    report(condition, colleague)
    for person in (colleague, owner, assistant, risk_assessor, initial_reviewer):
        with pytest.raises(NotPermitted):
            settle(condition, person)
    settle(condition, head)


def test_who_is_responsible_reports_and_a_risk_assessor_who_sees_no_case_settles(owner, assistant, risk_assessor):
    condition, other = approved(), approved()
    Condition.objects.filter(pk=condition.pk).update(owner=assistant)
    report(condition, assistant)
    with pytest.raises(NotPermitted):
        report(other, assistant)
    assert not ReviewCase.objects.visible_to(risk_assessor).exists()
    assert settle(condition, risk_assessor).status == "met"


def test_a_condition_of_a_case_that_is_not_approved_is_neither_reported_nor_settled(owner, head, risk_assessor):
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    condition = Condition.objects.get(case=case)
    with pytest.raises(Conflict):
        report(condition, owner)
    with pytest.raises(Conflict):
        settle(condition, head)
    with pytest.raises(NotVisible):
        settle(condition, risk_assessor)


def test_the_version_that_was_read_is_asked_for(owner, head):
    condition = approved()
    with pytest.raises(PreconditionRequired):
        report(condition, owner, expected_version=None)
    report(condition, owner)
    seen = condition.version
    report(condition, owner, evidence="批复原件及签章页已归档。")
    with pytest.raises(Stale):
        settle(condition, head, expected_version=seen)
    settle(condition, head)
    for act in (lambda: report(condition, owner), lambda: settle(condition, head)):
        with pytest.raises(Conflict):
            act()


def test_nothing_is_settled_before_it_is_reported(owner, head):
    with pytest.raises(Conflict):
        settle(approved(), head)
    with pytest.raises(BadInput) as refused:
        report(approved(), owner, evidence="好")
    assert refused.value.field == "evidence"


def test_the_database_refuses_one_person_for_both_and_a_change_of_what_is_settled(owner, head):
    condition = approved()
    rows = Condition.objects.filter(pk=condition.pk)
    for status in ("to_verify", "met", "waived"):
        with pytest.raises(IntegrityError, match="risk_condition_status_has_its_act"), transaction.atomic():
            rows.update(status=status)
    report(condition, owner)
    given = {"status": "met", "settled_at": clock.now()}
    with pytest.raises(IntegrityError, match="risk_condition_settled_by_another"), transaction.atomic():
        rows.update(settled_by=owner, **given)
    rows.update(settled_by=head, **given)
    for change in ({"status": "open"}, {"evidence": "改写"}):
        with pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
        rows.delete()


def test_the_approval_gives_who_is_responsible_a_to_do_and_the_report_the_second_person(owner, head):
    condition = approved()
    assert waiting(MEET) == [("林晓雯", condition.due_on)] and waiting(SETTLE) == []
    report(condition, owner)
    assert waiting(MEET) == [] and [name for name, _due in waiting(SETTLE)] == ["陈国栋"]
    settle(condition, head, "open", reason="缺签章页")
    assert waiting(MEET) == [("林晓雯", condition.due_on)] and waiting(SETTLE) == []
    report(condition, owner)
    settle(condition, head)
    assert waiting(MEET) == waiting(SETTLE) == []


def test_a_case_that_is_not_approved_yet_and_a_condition_without_a_day_ask_nobody(owner, head):
    case = submit(make_project())
    row = {"text": "批复原件", "due_on": clock.today()}
    decide(case, cast_member("initial_reviewer"), "approve_with_conditions", conditions=[row])
    approved(due_on=None, due_text="首次放款前")
    assert waiting(MEET) == []


def test_who_does_not_see_the_case_is_not_asked_to_meet_its_condition(stranger):
    condition = approved(owner=stranger.pk)
    assert condition.owner == stranger
    assert waiting(MEET) == [("林晓雯", condition.due_on)]


def test_a_head_who_keeps_the_client_is_not_asked_to_settle(head, risk_assessor):
    condition = approved(head)
    report(condition, head)
    assert [name for name, _due in waiting(SETTLE)] == [risk_assessor.name]


def test_an_overdue_condition_is_escalated_like_every_to_do(head):
    condition = approved()
    with clock.at(condition.due_on + timedelta(days=10)):
        relay_due()
    assert Todo.objects.get(kind=MEET).escalated_to == head


def test_the_warning_about_an_overdue_condition_recovers_once_it_is_met_and_not_before(owner, head):
    condition = approved()
    late = condition.due_on + timedelta(days=1)

    def of_night(days: int) -> WarningEpisode:
        with clock.at(late + timedelta(days=days)):
            night(late + timedelta(days=days))
        return WarningEpisode.objects.get(indicator="condition_overdue", closed_on=None)

    assert of_night(0).recovered_on is None
    report(condition, owner)
    assert of_night(1).recovered_on is None
    settle(condition, head)
    assert of_night(2).recovered_on == late + timedelta(days=2)


def test_a_condition_that_is_waived_alarms_nobody(owner, head):
    condition = approved()
    report(condition, owner)
    settle(condition, head, "waived", reason="项目已并网")
    with clock.at(condition.due_on + timedelta(days=40)):
        night(condition.due_on + timedelta(days=40))
    assert not WarningEpisode.objects.filter(indicator="condition_overdue").exists()


def test_the_case_page_offers_each_act_to_whom_it_is_for_and_the_admin_none(owner, head, auditor):
    condition = approved()
    case = condition.case
    links = {act: reverse(f"risk:condition_{act}", args=[condition.pk]) for act in ("report", "settle")}

    def offered(person: Person, address: str = "") -> set[str]:
        page = browser_for(person).get(address or case.get_absolute_url()).content.decode()
        return {act for act, link in links.items() if link in page}

    assert [offered(person) for person in (owner, head, auditor)] == [{"report"}, set(), set()]
    report(condition, owner)
    assert [offered(person) for person in (owner, head, auditor)] == [{"report"}, {"settle"}, set()]
    change = reverse("admin:risk_reviewcase_change", args=[case.pk])
    assert offered(head, f"{change}?tab=conditions") == set()
    settle(condition, head)
    page = browser_for(owner).get(case.get_absolute_url()).content.decode()
    assert offered(owner) == set() and TEXT in page and "陈国栋" in page


def test_both_acts_on_the_pages(owner, risk_assessor):
    condition = approved()
    urls = {act: reverse(f"risk:condition_{act}", args=[condition.pk]) for act in ("report", "settle")}
    browser = browser_for(owner)
    assert browser.get(urls["settle"]).status_code == 403
    assert browser.post(urls["report"], {"version": 1, "evidence": ""}).status_code == 422
    answer = browser.post(urls["report"], {"version": 1, "evidence": TEXT})
    assert (answer.status_code, answer.headers["Location"]) == (302, condition.get_absolute_url())
    second = browser_for(risk_assessor)
    page = second.get(urls["settle"]).content.decode()
    assert TEXT in page and condition.case.get_absolute_url() not in page
    assert second.post(urls["settle"], {"version": 1, "verdict": "met"}).status_code == 412
    assert second.post(urls["settle"], {"version": 2, "verdict": "waived"}).status_code == 400
    answer = second.post(urls["settle"], {"version": 2, "verdict": "met"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("worklist:todo_list"))
    condition.refresh_from_db()
    assert (condition.status, condition.settled_by) == ("met", risk_assessor)


def test_both_acts_through_the_api(owner, head, stranger):
    condition = approved()
    path = f"/api/v1/conditions/{condition.pk}/"
    api, second = api_for(owner), api_for(head)
    case = api.get(f"/api/v1/reviews/{condition.case_id}/").json()
    assert (case["conditions"][0]["id"], case["conditions"][0]["version"]) == (condition.pk, 1)
    # Whoever does not see it is told that first, whatever else is missing.
    assert api_for(stranger).post(f"{path}report/", {"evidence": TEXT}, format="json").status_code == 404
    assert api.post(f"{path}report/", {"evidence": TEXT}, format="json").status_code == 428
    body = {"evidence": TEXT, "expected_version": 1}
    assert api_for(stranger).post(f"{path}report/", body, format="json").status_code == 404
    assert second.post(f"{path}report/", body, format="json").status_code == 403
    answer = api.post(f"{path}report/", body, format="json")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["status"], told["reported_by_name"], told["evidence"]) == ("to_verify", "林晓雯", TEXT)
    etag = second.get(path).headers["ETag"]
    assert etag == answer.headers["ETag"] == '"2"'
    waived = second.post(f"{path}settle/", {"verdict": "waived"}, format="json", headers={"If-Match": etag})
    assert waived.status_code == 400 and waived.json()["errors"][0]["field"] == "reason"
    met = second.post(f"{path}settle/", {"verdict": "met"}, format="json", headers={"If-Match": etag})
    assert (met.status_code, met.json()["status"], met.json()["settled_by"]) == (200, "met", head.pk)
    assert api.post(f"{path}report/", {**body, "expected_version": 3}, format="json").status_code == 409


def test_the_case_page_costs_the_same_with_one_condition_and_with_ten(owner):
    def cost(count: int) -> int:
        case = approved().case
        made = Condition.objects.get(case=case)
        for _number in range(count - 1):
            made.pk = None
            made.save(force_insert=True)
        browser = browser_for(owner)
        browser.get(case.get_absolute_url())
        with CaptureQueriesContext(connection) as seen:
            browser.get(case.get_absolute_url())
        return len(seen)

    assert cost(1) == cost(10) <= 12 + 3 + 2


@pytest.mark.parametrize(
    ("given", "blocks"),
    [
        ({"kind": "precedent"}, True),
        ({"kind": "continuing"}, False),
        ({"kind": "continuing", "blocking": True}, True),
        ({"kind": "precedent", "blocking": False}, False),
    ],
)
def test_the_kind_decides_whether_a_condition_blocks_unless_it_is_said(given: dict[str, Any], blocks: bool) -> None:
    condition = approved(**given)
    assert condition.blocking is blocks
    owner = cast_member("owner")
    [row] = sheet_data(CasePage(get_review(viewer=owner, pk=condition.case_id), owner), by=owner)["conditions"]
    page = browser_for(owner).get(f"/reviews/{condition.case_id}/").content.decode()
    assert row["blocking"] == ("满足前不得放款" if blocks else "不影响放款")
    assert ("阻断放款" in page) is blocks


def test_a_condition_that_is_met_holds_nothing_back(head: Person, owner: Person) -> None:
    condition = report(approved(kind="precedent"), owner)
    condition_settle(condition=condition, verdict="met", expected_version=condition.version, by=head)
    assert "阻断放款" not in browser_for(owner).get(f"/reviews/{condition.case_id}/").content.decode()
