"""Promises of the review's pages: who sees which form, what a refusal keeps, and what a page may cost."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member
from risk.ratings.rules.validity import add_months
from risk.reviews import selectors
from risk.reviews.models import CaseStatus, Condition, ConflictDeclaration, Decision, ReviewCase, ReviewSeat
from risk.reviews.tests.factories import OPINION, decide, declare, make_client, make_project, submit
from risk.reviews.views.case import facts as reading
from risk.reviews.views.case.page import CasePage

pytestmark = pytest.mark.django_db
# The case page writes that its dossier was read: one insert and the savepoint around it.
LIST_BUDGET, CASE_BUDGET, PANEL_BUDGET = 10, 12 + 4, 6
ROWS = {
    "items-TOTAL_FORMS": "1",
    "items-INITIAL_FORMS": "0",
    "items-0-text": "",
    "conditions-TOTAL_FORMS": "1",
    "conditions-INITIAL_FORMS": "0",
    "conditions-0-text": "",
}


@pytest.fixture
def case(db: None) -> ReviewCase:
    """A case at the initial review, with everybody of the cast at work."""
    for part in ("initial_reviewer", "second_initial_reviewer", "recheck_reviewer", "final_approver"):
        cast_member(part)
    return submit(make_project())


def url(case: ReviewCase, name: str = "review_detail") -> str:
    return reverse(f"risk:{name}", args=[case.pk])


def decision(case: ReviewCase, verb: str = "approve", **more: Any) -> dict[str, Any]:
    """What the decision form posts."""
    case.refresh_from_db()
    return {"version": case.version, "verb": verb, "opinion": OPINION, "seen": "on", **ROWS, **more}


def declared(case: ReviewCase, person: Person) -> Browser:
    """The browser of a person who has declared no conflict."""
    declare(case, person)
    return browser_for(person)


def cost(browser: Browser, address: str, **headers: str) -> int:
    """Queries of a page once the session is warm."""
    browser.get(address, **headers)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address, **headers).status_code == 200
    return len(seen)


def test_the_conflict_question_stands_alone_and_is_never_preset(case: ReviewCase, initial_reviewer: Person) -> None:
    page = browser_for(initial_reviewer).get(url(case)).content.decode()
    assert page.count('name="has_conflict"') == 2
    assert 'name="verb"' not in page and 'name="opinion"' not in page
    assert " checked" not in page


def test_declaring_no_conflict_opens_the_decision(case: ReviewCase, initial_reviewer: Person) -> None:
    browser = browser_for(initial_reviewer)
    posted = {"version": case.version, "has_conflict": "no"}
    answer = browser.post(url(case, "review_conflict"), posted, follow=True)
    assert answer.status_code == 200 and 'name="verb"' in answer.content.decode()
    assert ReviewSeat.objects.get(case=case, person=initial_reviewer).stage == "initial"


def test_htmx_gets_the_right_column_alone(case: ReviewCase, initial_reviewer: Person) -> None:
    posted = {"version": case.version, "has_conflict": "no"}
    answer = browser_for(initial_reviewer).post(url(case, "review_conflict"), posted, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200 and 'name="verb"' in text and "<html" not in text


def test_an_unanswered_question_is_refused_and_declares_nothing(case: ReviewCase, initial_reviewer: Person) -> None:
    answer = browser_for(initial_reviewer).post(url(case, "review_conflict"), {"version": case.version})
    assert answer.status_code == 422
    assert not ConflictDeclaration.objects.exists()


def test_a_conflict_must_be_explained_and_recuses(case: ReviewCase, initial_reviewer: Person) -> None:
    browser, posted = browser_for(initial_reviewer), {"version": case.version, "has_conflict": "yes"}
    assert browser.post(url(case, "review_conflict"), posted).status_code == 422
    answer = browser.post(url(case, "review_conflict"), {**posted, "text": "配偶在该企业任职"}, follow=True)
    assert answer.status_code == 200 and 'name="verb"' not in answer.content.decode()
    assert Decision.objects.get(case=case).verb == "recuse"


def test_three_people_decide_on_the_page(case: ReviewCase) -> None:
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        answer = declared(case, cast_member(part)).post(url(case, "review_decide"), decision(case))
        assert (answer.status_code, answer.headers["Location"]) == (302, url(case))
    case.refresh_from_db()
    assert case.status == CaseStatus.APPROVED


def test_the_button_names_the_outcome_and_the_consequence(case: ReviewCase, initial_reviewer: Person) -> None:
    page = declared(case, initial_reviewer).get(url(case)).content.decode()
    assert 'class="say-verb say-return"' in page and 'class="say-verb say-reject"' in page


def test_an_approval_with_conditions_makes_them(case: ReviewCase, initial_reviewer: Person, owner: Person) -> None:
    more = {
        "conditions-0-text": "接入系统批复原件",
        "conditions-0-kind": "precedent",
        "conditions-0-owner": str(owner.pk),
        "conditions-0-due_text": "首次放款前",
    }
    browser = declared(case, initial_reviewer)
    answer = browser.post(url(case, "review_decide"), decision(case, "approve_with_conditions", **more))
    assert answer.status_code == 302
    made = Condition.objects.get(case=case)
    assert (made.text, made.owner, made.due_text, made.blocking) == ("接入系统批复原件", owner, "首次放款前", True)


def test_a_later_stage_drops_a_condition_only_with_a_reason(case: ReviewCase, recheck_reviewer: Person) -> None:
    decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    condition = Condition.objects.get(case=case)
    more = {f"drop_{condition.pk}": "批复已取得"}
    assert declared(case, recheck_reviewer).post(url(case, "review_decide"), decision(case, **more)).status_code == 302
    condition.refresh_from_db()
    assert (condition.status, condition.dropped_reason) == ("dropped", "批复已取得")


def test_a_return_carries_stage_reason_and_items(case: ReviewCase, initial_reviewer: Person) -> None:
    more = {"target_stage": "initial", "return_reason": "documents_missing", "items-0-text": "EPC 合同终稿"}
    browser = declared(case, initial_reviewer)
    assert browser.post(url(case, "review_decide"), decision(case, "return", **more)).status_code == 302
    made = Decision.objects.get(case=case)
    assert (made.target_stage, made.reason_code) == ("initial", "documents_missing")
    assert [item.text for item in made.items.all()] == ["EPC 合同终稿"]
    assert "EPC 合同终稿" in browser_for(cast_member("owner")).get(url(case)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"opinion": "太短"},
        {"seen": ""},
        {"verb": ""},
        {"verb": "return"},
        {"verb": "reject"},
        {"verb": "return", "target_stage": "initial", "return_reason": "other"},
        {"verb": "approve_with_conditions"},
        {"verb": "escalate"},
    ],
)
def test_a_refusal_keeps_the_input_and_changes_nothing(
    case: ReviewCase, initial_reviewer: Person, wrong: dict[str, str]
) -> None:
    browser = declared(case, initial_reviewer)
    before = case.version
    posted = decision(case, **{"opinion": "资本金比例与用途核对无误，建议进入复核。", **wrong})
    answer = browser.post(url(case, "review_decide"), posted)
    assert answer.status_code == 422
    assert posted["opinion"] in answer.content.decode()
    case.refresh_from_db()
    assert case.version == before and not Decision.objects.filter(case=case).exists()


def test_a_row_is_added_without_checking_anything(case: ReviewCase, initial_reviewer: Person) -> None:
    posted = decision(case, "return", **{"opinion": "半句", "items-0-text": "购销合同", "add": "items"})
    answer = declared(case, initial_reviewer).post(url(case, "review_decide"), posted)
    page = answer.content.decode()
    assert answer.status_code == 200 and 'name="items-1-text"' in page and "购销合同" in page and "f-error" not in page
    assert not Decision.objects.filter(case=case).exists()


def test_a_stale_decision_shows_what_happened_and_keeps_the_text(
    case: ReviewCase, second_initial_reviewer: Person
) -> None:
    browser, posted = (
        declared(case, second_initial_reviewer),
        decision(case, opinion="我的意见不会因为别人先决定而丢失。"),
    )
    decide(case, cast_member("initial_reviewer"))
    answer = browser.post(url(case, "review_decide"), posted)
    page = answer.content.decode()
    assert answer.status_code in (409, 412)
    assert posted["opinion"] in page and cast_member("initial_reviewer").name in page


def test_htmx_brings_the_whole_page_of_a_case_that_moved_on(case: ReviewCase, second_initial_reviewer: Person) -> None:
    """Stepper, opinions and conditions are of today, not only the form; what was typed is among them."""
    browser, posted = declared(case, second_initial_reviewer), decision(case, opinion="我的意见不会丢失，页面也不旧。")
    decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    answer = browser.post(url(case, "review_decide"), posted, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code in (409, 412)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#content", "innerHTML")
    assert "<html" not in page and page.count('id="decide"') == 1 and posted["opinion"] in page
    opinions = page.split('id="opinions"')[1].split("</section>")[0]
    assert OPINION in opinions and cast_member("recheck_reviewer").name in page.split('id="why-not"')[0]
    assert "接入系统批复原件" in page.split('id="conditions"')[1]


@pytest.mark.parametrize("name", ["review_decide", "review_conflict"])
def test_an_old_case_and_the_wrong_person_are_told_before_a_form_is_found_wrong(
    case: ReviewCase, second_initial_reviewer: Person, owner: Person, name: str
) -> None:
    browser, posted = declared(case, second_initial_reviewer), decision(case, verb="", opinion="半句")
    assert browser.post(url(case, name), posted).status_code == 422
    del posted["version"]
    assert browser.post(url(case, name), posted).status_code == 428
    assert browser_for(owner).post(url(case, name), {**posted, "version": case.version}).status_code == 403
    posted["version"] = case.version
    decide(case, cast_member("initial_reviewer"), "return")
    answer = browser.post(url(case, name), posted)
    assert answer.status_code == 409
    assert name == "review_conflict" or "半句" in answer.content.decode()
    again = submit(case.project)
    assert browser.post(url(again, name), posted).status_code == 412


def test_a_decision_without_a_version_is_refused(case: ReviewCase, initial_reviewer: Person) -> None:
    browser = declared(case, initial_reviewer)
    posted = decision(case)
    del posted["version"]
    assert browser.post(url(case, "review_decide"), posted).status_code == 428
    assert not Decision.objects.filter(case=case).exists()


def test_the_wrong_person_is_told_why_and_who_can(case: ReviewCase, owner: Person, initial_reviewer: Person) -> None:
    browser = browser_for(owner)
    page = browser.get(url(case)).content.decode()
    assert 'name="has_conflict"' not in page and initial_reviewer.name in page
    answer = browser.post(url(case, "review_decide"), decision(case))
    assert answer.status_code == 403 and initial_reviewer.name in answer.content.decode()


def test_a_stranger_gets_404_for_a_foreign_case(case: ReviewCase, stranger: Person) -> None:
    browser = browser_for(stranger)
    for name in ("review_detail", "review_people", "review_sheet"):
        assert browser.get(url(case, name)).status_code == 404
    for name in ("review_conflict", "review_decide", "review_withdraw"):
        assert browser.post(url(case, name), {"version": case.version}).status_code == 404


def test_why_others_cannot_decide_names_each_with_a_reason(case: ReviewCase, owner: Person) -> None:
    page = browser_for(owner).get(url(case, "review_people")).content.decode()
    assert cast_member("initial_reviewer").name in page and cast_member("second_initial_reviewer").name in page


def test_a_returning_reviewer_sees_what_changed_since_they_signed(
    case: ReviewCase, initial_reviewer: Person, owner: Person
) -> None:
    decide(case, initial_reviewer, "return")
    project = case.project
    project.refresh_from_db()
    from_there = {"version": project.version}
    type(project).objects.filter(pk=project.pk).update(amount=72_000_000, version=from_there["version"] + 1)
    submit(project)
    page = browser_for(initial_reviewer).get(url(case)).content.decode()
    assert '<s class="was">8,000.00</s>' in page and '<span class="is">7,200.00</span>' in page and "−800.00" in page


def test_the_dossier_is_shown_as_frozen_whatever_the_rows_say_now(case: ReviewCase, initial_reviewer: Person) -> None:
    client = case.project.client
    old = client.name
    type(client).objects.filter(pk=client.pk).update(name="改名后的公司")
    page = browser_for(initial_reviewer).get(url(case)).content.decode()
    assert old in page
    assert 'id="live"' in page and "改名后的公司" in page
    assert "disabled" in declared(case, initial_reviewer).get(url(case)).content.decode()


def test_the_page_says_that_an_approval_would_be_refused_before_anybody_types(
    case: ReviewCase, initial_reviewer: Person
) -> None:
    """The grade expired since the submission: approving is closed with the reason, returning is open."""
    declare(case, initial_reviewer)
    with clock.at(add_months(clock.today(), 4)):
        page = browser_for(initial_reviewer).get(url(case)).content.decode()
        approve, back = (page.split(f'id="verb-{verb}"')[1].split("</label>")[0] for verb in ("approve", "return"))
        assert "disabled" in page.split('id="verb-approve"')[0].rsplit("<", 1)[1] + approve and "disabled" not in back
        until = case.project.client.standing.grade_until
        assert f"{until:%Y-%m-%d}" in approve


def test_the_maker_withdraws_with_a_reason(case: ReviewCase, owner: Person) -> None:
    browser = browser_for(owner)
    assert browser.post(url(case, "review_withdraw"), {"version": case.version}).status_code == 422
    posted = {"version": case.version, "reason": "客户推迟投资计划"}
    assert browser.post(url(case, "review_withdraw"), posted).status_code == 302
    case.refresh_from_db()
    assert case.status == CaseStatus.WITHDRAWN
    assert "客户推迟投资计划" in browser.get(url(case)).content.decode()


def test_withdrawing_is_offered_where_it_can_be_done(case: ReviewCase, owner: Person, initial_reviewer: Person) -> None:
    browser, address = browser_for(owner), url(case, "review_withdraw")
    assert address in browser.get(url(case)).content.decode()
    decide(case, initial_reviewer, "reject")
    assert address not in browser.get(url(case)).content.decode()


def test_the_days_a_stage_took_are_not_cut_by_a_recusal(owner: Person) -> None:
    first, second = cast_member("initial_reviewer"), cast_member("second_initial_reviewer")
    with clock.at(date(2027, 3, 8)):
        case = submit(make_project())
    with clock.at(date(2027, 3, 9)):
        declare(case, first, conflict=True)
    with clock.at(date(2027, 3, 11)):
        decide(case, second)
        page = CasePage(selectors.get_review(viewer=owner, pk=case.pk), owner)
        [done] = [step for step in page.stages.steps if step["state"] == "done"]
        used, _limit = re.findall(r"\d+", done["when"].split("·")[1])
        assert used == "3"


def test_a_product_without_the_capital_test_shows_none(owner: Person) -> None:
    case = submit(make_project(product="P04", term_months=36, capital=1_000_000))
    page = CasePage(selectors.get_review(viewer=owner, pk=case.pk), owner)
    dossier, words = page.rows.dossier, page.rows.words
    assert reading.tested(dossier, words) is None
    assert [test.name for test in page.dossier.tests if not test.passed] == []
    assert reading.capital(dossier, words) == reading.wan("1000000.00")


def test_a_share_below_its_minimum_never_reads_as_the_minimum(owner: Person) -> None:
    """One fen short of 20 %: the page of the deal and the refusal of the submission say the same."""
    project = make_project(amount=8_000_000, capital=Decimal("23999999.99"))
    assert "19.99%" in browser_for(owner).get(project.get_absolute_url()).content.decode()
    panel = browser_for(owner).get(reverse("risk:project_panel", args=[project.pk])).content.decode()
    assert "19.99%" in panel


def test_the_project_panel_checks_and_submits(owner: Person, initial_reviewer: Person) -> None:
    project = make_project()
    browser, panel = browser_for(owner), reverse("risk:project_panel", args=[project.pk])
    assert reverse("risk:review_submit", args=[project.pk]) in browser.get(panel).content.decode()
    submitted = browser.post(reverse("risk:review_submit", args=[project.pk]), {"version": project.version})
    case = ReviewCase.objects.get(project=project)
    assert submitted.headers["Location"] == url(case)
    assert case.number in browser.get(panel).content.decode()


def test_a_submission_that_misses_something_says_all_of_it(owner: Person) -> None:
    project = make_project(make_client(owner, grade=""), assistant=None)
    answer = browser_for(owner).post(reverse("risk:review_submit", args=[project.pk]), {"version": project.version})
    assert answer.status_code == 422 and answer.content.decode().count("<li>") >= 2
    assert not ReviewCase.objects.filter(project=project).exists()


def test_inbox_team_and_all_are_one_list(case: ReviewCase, initial_reviewer: Person, owner: Person) -> None:
    name = case.project.name
    for who, route, seen in (
        (initial_reviewer, "review_inbox", True),
        (initial_reviewer, "review_team", True),
        (initial_reviewer, "review_list", True),
        (owner, "review_inbox", False),
        (owner, "review_list", True),
    ):
        assert (name in browser_for(who).get(reverse(f"risk:{route}")).content.decode()) is seen, (who, route)
    assert browser_for(owner).get(reverse("risk:review_list"), {"nonsense": "1"}).status_code == 400


@pytest.mark.parametrize(("language", "between"), [("en", ", "), ("zh-hans", "、")])
def test_who_is_waited_for_is_listed_as_the_reader_s_language_does(
    case: ReviewCase, owner: Person, language: str, between: str
) -> None:
    case.project.refresh_from_db()
    assert len(case.project.waiting_for) == 2
    browser, names = browser_for(owner), between.join(case.project.waiting_for)
    owner.accounts.update(language=language)
    pages = (
        reverse("risk:review_list"),
        reverse("projects:project_list"),
        reverse("home:my_day"),
        reverse("risk:project_panel", args=[case.project_id]),
        reverse("risk:client_panel", args=[case.project.client_id]),
        reverse("projects:client_panel", args=[case.project.client_id]),
        url(case),
    )
    drawn = {page: browser.get(page, headers={"HX-Request": "true"}).content.decode() for page in pages}
    assert [page for page, text in drawn.items() if names not in text] == []


@pytest.mark.parametrize("rows", [3, 30])
def test_lists_cost_the_same_with_3_and_30_rows(rows: int, owner: Person, initial_reviewer: Person) -> None:
    cast_member("recheck_reviewer"), cast_member("final_approver")
    client = make_client(owner)
    for _number in range(rows):
        submit(make_project(client, amount=1_000_000))
    browser = browser_for(initial_reviewer)
    for route in ("review_inbox", "review_team", "review_list"):
        assert cost(browser, reverse(f"risk:{route}")) <= LIST_BUDGET
    panel = reverse("risk:client_panel", args=[client.pk])
    assert cost(browser_for(owner), panel, HTTP_HX_REQUEST="true") <= PANEL_BUDGET


def test_the_case_page_stays_within_its_budget(case: ReviewCase, owner: Person, final_approver: Person) -> None:
    decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    decide(case, cast_member("recheck_reviewer"), "approve_with_conditions")
    assert cost(browser_for(final_approver), url(case)) <= CASE_BUDGET
    assert cost(browser_for(owner), url(case)) <= CASE_BUDGET
    panel = reverse("risk:project_panel", args=[case.project_id])
    assert cost(browser_for(owner), panel, HTTP_HX_REQUEST="true") <= PANEL_BUDGET


def test_nothing_in_the_pages_is_inline(case: ReviewCase, initial_reviewer: Person) -> None:
    for browser in (browser_for(initial_reviewer), declared(case, initial_reviewer)):
        page = browser.get(url(case)).content.decode()
        assert " style=" not in page and "<style" not in page and "onclick" not in page
        assert "<script>" not in page
