"""Promises of the approval sheet: what the paper says and that it is recorded."""

import io

import pypdf
import pytest
from django.http import HttpResponse
from django.urls import reverse

from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for, cast_member
from risk.reviews.models import ReviewCase, ReviewRound
from risk.reviews.selectors import get_review
from risk.reviews.tests.factories import decide, make_project, submit
from risk.reviews.views.case.page import CasePage
from risk.reviews.views.sheet import sheet_data

pytestmark = pytest.mark.django_db
OPINIONS = {
    "initial_reviewer": "资本金比例与用途核对无误，建议进入复核。",
    "recheck_reviewer": "压力测试与担保核验通过，附条件同意。",
    "final_approver": "审阅三方意见与卷宗，风险可控，同意。",
}


def printed(case: ReviewCase, person: Person) -> HttpResponse:
    return browser_for(person).get(reverse("risk:review_sheet", args=[case.pk]))


def words(pdf: bytes) -> str:
    """The text of all pages without blanks, as a search sees it."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.fixture
def decided(db: None) -> ReviewCase:
    """A case approved by three people, the second with a condition."""
    for part in OPINIONS:
        cast_member(part)
    case = submit(make_project())
    for part, opinion in OPINIONS.items():
        verb = "approve_with_conditions" if part == "recheck_reviewer" else "approve"
        decide(case, cast_member(part), verb, opinion=opinion)
    return case


def test_the_sheet_says_all_that_was_decided(decided: ReviewCase, owner: Person) -> None:
    answer = printed(decided, owner)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    text = words(answer.content)
    sha256 = ReviewRound.objects.get(case=decided).dossier_sha256
    for wanted in (
        sha256,
        decided.number,
        "人民币捌仟万元整",
        "¥80,000,000.00",
        "接入系统批复原件",
        *OPINIONS.values(),
    ):
        assert wanted in text
    for part in OPINIONS:
        assert cast_member(part).name in text
    assert owner.name in text and answer.headers["X-Request-ID"] in text


def test_before_the_last_decision_it_is_a_draft(owner: Person) -> None:
    for part in OPINIONS:
        cast_member(part)
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"), opinion=OPINIONS["initial_reviewer"])
    draft = sheet_data(CasePage(get_review(viewer=owner, pk=case.pk), owner), by=owner)
    assert draft["note"]
    text = words(printed(case, owner).content)
    assert OPINIONS["initial_reviewer"] in text and "".join(draft["note"].split()) in text


def test_a_decided_case_is_no_draft(decided: ReviewCase, owner: Person) -> None:
    assert sheet_data(CasePage(get_review(viewer=owner, pk=decided.pk), owner), by=owner)["note"] == ""


def test_printing_is_recorded_and_kept_by_no_cache(decided: ReviewCase, owner: Person) -> None:
    answer = printed(decided, owner)
    event = AuditEvent.objects.get(action="review.sheet_printed")
    assert (event.person_id, event.subject_id) == (owner.pk, str(decided.pk))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"] == f'inline; filename="{decided.number}.pdf"'
    assert "script-src" not in answer.headers["Content-Security-Policy"].replace("default-src 'none'", "")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_what_people_type_is_never_markup(owner: Person, initial_reviewer: Person) -> None:
    cast_member("recheck_reviewer"), cast_member("final_approver")
    opinion = '#read("/etc/passwd") *粗* $x^2$ #eval("1+1") \\ [括号] @引用 <标签> 意见仍须原样印出'
    case = submit(make_project())
    decide(case, initial_reviewer, opinion=opinion)
    assert "".join(opinion.split()) in words(printed(case, owner).content)


def test_a_long_opinion_runs_over_pages_and_loses_nothing(owner: Person, initial_reviewer: Person) -> None:
    cast_member("recheck_reviewer"), cast_member("final_approver")
    opinion = "".join(f"第{number}点：现金流测算依据充分。" for number in range(1, 230))
    case = submit(make_project())
    decide(case, initial_reviewer, opinion=opinion[:4000])
    pdf = printed(case, owner).content
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) > 1
    assert "第1点" in words(pdf) and "第229点" in words(pdf)
