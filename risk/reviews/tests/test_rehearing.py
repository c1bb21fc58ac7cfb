"""Re-hearing (复议, rules-2 7.5): once, in time, on new documents, at the same level, by others."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.kernel.access.errors import Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.evidence import broken
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member
from projects.deals.services import document_add
from projects.deals.tests.factories import text_file
from risk.ratings.rules.validity import add_months
from risk.reviews import selectors
from risk.reviews.hearings import Rehearing
from risk.reviews.models import Decision, ReviewSeat
from risk.reviews.services import review_rehear
from risk.reviews.tests.factories import decide, give_grade, make_project, submit

pytestmark = pytest.mark.django_db
FACTS = "已取得长期购电协议，还款来源落实。"


@pytest.fixture
def case(db):
    """Rejected at the final approval."""
    opened = submit(make_project())
    decide(opened, cast_member("initial_reviewer"))
    decide(opened, cast_member("recheck_reviewer"))
    decide(opened, cast_member("final_approver"), "reject")
    return opened


def new_document(case, owner):
    return document_add(project=case.project, upload=text_file(text="购电协议"), kind="other", by=owner)


def rehear(case, by, *documents, **more):
    case.refresh_from_db()
    given = {"new_facts": FACTS, "expected_version": case.version, **more}
    return review_rehear(case=case, documents=[one.pk for one in documents], by=by, **given)


def test_the_head_asks_on_new_documents_and_others_decide_at_the_same_level(case, owner, head):
    level, document = case.required_level, new_document(case, owner)
    again = rehear(case, head, document)
    assert (again.pk, again.round, again.stage, again.status) == (case.pk, 2, "initial", "open")
    assert again.required_level == level
    heard = Rehearing.objects.get(case=case)
    assert broken([heard, *heard.documents.all()]) == []
    again.project.refresh_from_db()
    assert broken([again.project]) == [], "what is decided anew is told to the audit trail"
    decide(again, cast_member("initial_reviewer"))
    assert cast_member("recheck_reviewer").pk not in {person.pk for person in selectors.waiting_for(again)}
    seats = ReviewSeat.objects.filter(case=case, barred="heard_before").values_list("person__name", flat=True)
    assert set(seats) == {cast_member("recheck_reviewer").name, cast_member("final_approver").name}
    for before in ("recheck_reviewer", "final_approver"):
        with pytest.raises((NotPermitted, NotVisible)):
            decide(again, cast_member(before))
    decide(again, cast_member("second_recheck_reviewer"))
    decide(again, cast_member("second_final_approver"))
    again.project.refresh_from_db()
    assert (again.status, again.project.status) == ("approved", "approved")


def test_without_a_document_that_came_after_the_rejection_it_is_refused(case, head):
    before = case.project.documents.first()
    for documents in ((), (before,)):
        with pytest.raises(RuleRefused) as refused:
            rehear(case, head, *documents)
        assert set(refused.value.errors) == {"documents"}
    case.refresh_from_db()
    assert case.status == "rejected" and not Rehearing.objects.exists()


def test_only_the_department_head_asks_for_it(case, owner):
    document = new_document(case, owner)
    with pytest.raises(NotPermitted):
        rehear(case, owner, document)


def test_after_six_months_it_is_too_late(case, owner, head):
    document = new_document(case, owner)
    last = add_months(clock.today(), 6)
    with clock.at(last + timedelta(days=1)):
        give_grade(case.project.client, "AA")
        with pytest.raises(RuleRefused) as refused:
            rehear(case, head, document)
        assert refused.value.code == "too_late"
    with clock.at(last):
        give_grade(case.project.client, "AA")
        assert rehear(case, head, document).status == "open", "the last day counts"


def test_there_is_one_and_the_same_project_filed_anew_is_refused_for_a_year(case, owner, head):
    again = rehear(case, head, new_document(case, owner))
    decide(again, cast_member("initial_reviewer"), "reject")
    with pytest.raises(Conflict) as refused:
        rehear(case, head, new_document(case, owner))
    assert refused.value.code == "reheard"
    twin = make_project(case.project.client)
    with pytest.raises(Conflict) as refused:
        submit(twin)
    assert refused.value.code == "reheard"
    later = add_months(clock.today(), 12)
    with clock.at(later):
        give_grade(case.project.client, "AA")
        assert submit(twin).status == "open"


def test_an_open_case_is_not_heard_again(head):
    opened = submit(make_project())
    with pytest.raises(Conflict) as refused:
        rehear(opened, head)
    assert refused.value.code == "not_rejected"


def test_the_page_asks_for_it(case, owner, head):
    document = new_document(case, owner)
    address = reverse("risk:review_rehear", args=[case.pk])
    browser = browser_for(head)
    assert address in browser.get(case.get_absolute_url()).content.decode()
    page = browser.get(address).content.decode()
    assert document.title in page and case.project.documents.first().title not in page
    case.refresh_from_db()
    body = {"new_facts": FACTS, "documents": [document.pk], "version": case.version}
    assert browser.post(address, {**body, "documents": []}).status_code == 422
    browser.post(address, body)
    case.refresh_from_db()
    assert (case.status, case.round) == ("open", 2)
    shown = browser.get(case.get_absolute_url()).content.decode()
    assert FACTS in shown and document.title in shown
    assert Decision.objects.filter(case=case, verb="reject").exists()
