"""Promises of the review in the admin site: the same executor, nothing else writable, the same words."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for, cast_member
from risk.reviews.models import CaseStatus, Condition, Decision, ReviewCase
from risk.reviews.tests.factories import OPINION, decide, declare, make_client, make_project, submit

pytestmark = pytest.mark.django_db
LIST = "admin:risk_reviewcase_changelist"
TABS = ("decide", "dossier", "changes", "opinions", "conditions", "seats", "nonsense")
ROWS = {
    "items-TOTAL_FORMS": "1",
    "items-INITIAL_FORMS": "0",
    "conditions-TOTAL_FORMS": "1",
    "conditions-INITIAL_FORMS": "0",
}


@pytest.fixture
def case(db: None) -> ReviewCase:
    """A case that waits for the final approval."""
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        cast_member(part)
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    decide(case, cast_member("recheck_reviewer"), "approve_with_conditions")
    return case


def url(case: ReviewCase, name: str = "change") -> str:
    return reverse(f"admin:risk_reviewcase_{name}", args=[case.pk])


def posted(case: ReviewCase, **more: Any) -> dict[str, Any]:
    case.refresh_from_db()
    return {"version": case.version, "verb": "approve", "opinion": OPINION, "seen": "on", **ROWS, **more}


def test_the_inbox_shows_what_waits_for_me_first(case: ReviewCase, final_approver: Person, owner: Person) -> None:
    assert case.number in browser_for(final_approver).get(reverse(LIST)).content.decode()
    assert case.number in browser_for(owner).get(reverse(LIST)).content.decode()
    reviewer = browser_for(cast_member("initial_reviewer"))
    assert case.number not in reviewer.get(reverse(LIST)).content.decode()
    assert case.number in reviewer.get(reverse(LIST), {"waiting": "all"}).content.decode()


def test_the_last_decision_is_made_in_the_admin(case: ReviewCase, final_approver: Person) -> None:
    browser = browser_for(final_approver)
    assert 'name="has_conflict"' in browser.get(url(case)).content.decode()
    opened = browser.post(url(case, "conflict"), {"version": case.version, "has_conflict": "no"}, follow=True)
    assert 'name="verb"' in opened.content.decode()
    answer = browser.post(url(case, "decide"), posted(case))
    assert (answer.status_code, answer.headers["Location"]) == (302, url(case))
    case.refresh_from_db()
    assert case.status == CaseStatus.APPROVED
    assert 'name="verb"' not in browser.get(url(case)).content.decode()


def test_a_refusal_in_the_admin_keeps_the_input(case: ReviewCase, final_approver: Person) -> None:
    declare(case, final_approver)
    answer = browser_for(final_approver).post(
        url(case, "decide"), posted(case, seen="", opinion="这段意见要留在表单里。")
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "这段意见要留在表单里。" in page and "act-bar" in page
    assert Decision.objects.filter(case=case).count() == 2


def test_a_second_decision_is_refused(case: ReviewCase, final_approver: Person) -> None:
    declare(case, final_approver)
    browser, form = browser_for(final_approver), posted(case)
    assert browser.post(url(case, "decide"), form).status_code == 302
    assert browser.post(url(case, "decide"), form).status_code == 409
    assert Decision.objects.filter(case=case).count() == 3


def test_the_wrong_person_cannot_decide_in_the_admin(case: ReviewCase, owner: Person, stranger: Person) -> None:
    assert browser_for(owner).post(url(case, "decide"), posted(case)).status_code == 403
    assert browser_for(stranger).post(url(case, "decide"), posted(case)).status_code == 404
    assert browser_for(stranger).get(url(case)).status_code == 404
    assert Decision.objects.filter(case=case).count() == 2


@pytest.mark.parametrize("part", ["final_approver", "owner", "system_admin", "auditor"])
def test_no_status_and_no_decided_row_can_be_written(case: ReviewCase, part: str) -> None:
    browser, rows = browser_for(cast_member(part)), [case, *Decision.objects.all(), *Condition.objects.all()]
    before = {type(row): list(type(row).objects.order_by("pk").values()) for row in rows}
    for row in rows:
        info = f"admin:risk_{type(row)._meta.model_name}"
        for name in ("change", "delete"):
            address = reverse(f"{info}_{name}", args=[row.pk])
            assert browser.post(address, {"status": "approved", "post": "yes"}).status_code in (403, 404, 405, 302)
        assert browser.post(reverse(f"{info}_add"), {"status": "approved"}).status_code in (403, 404, 302)
        assert browser.post(reverse(f"{info}_changelist"), {"action": "delete_selected"}).status_code < 500
    assert before == {type(row): list(type(row).objects.order_by("pk").values()) for row in rows}


def test_no_model_of_the_review_has_an_editable_admin() -> None:
    for model in (ReviewCase, Decision, Condition):
        registered = admin.site._registry[model]
        assert registered.list_editable == () and registered.inlines == () and registered.actions is None


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_without_a_script_and_without_inline_style(
    case: ReviewCase, final_approver: Person, tab: str
) -> None:
    page = browser_for(final_approver).get(url(case), {"tab": tab}).content.decode()
    assert case.number in page
    assert " style=" not in page and "<style" not in page and "<script>" not in page


def test_history_shows_rounds_and_decisions(case: ReviewCase, final_approver: Person) -> None:
    page = browser_for(final_approver).get(url(case, "history")).content.decode()
    assert cast_member("initial_reviewer").name in page and case.rounds.get().dossier_sha256 in page


@pytest.mark.parametrize("rows", [3, 30])
def test_the_inbox_costs_the_same_with_3_and_30_rows(rows: int, owner: Person, initial_reviewer: Person) -> None:
    cast_member("recheck_reviewer"), cast_member("final_approver")
    client = make_client(owner)
    for _number in range(rows):
        submit(make_project(client, amount=1_000_000))
    browser = browser_for(initial_reviewer)
    browser.get(reverse(LIST))
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(reverse(LIST)).status_code == 200
    assert len(seen) <= 12


def test_an_address_that_is_no_number_is_not_found(final_approver: Person) -> None:
    for text in ("abc", "9" * 30, "1%00"):
        assert browser_for(final_approver).get(f"/admin/risk/reviewcase/{text}/change/").status_code in (404, 302)
