"""An approval is prolonged once, in time, by who gave it, while nothing speaks against it (rules-2 1)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clients.standing.models import Standing
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused, Stale
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.evidence import broken
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.deals.models import Project
from projects.deals.services import document_add
from projects.deals.tests.factories import text_file
from risk.ratings.rules.validity import add_months
from risk.reviews.models import ReviewCase
from risk.reviews.prolongations import Prolongation
from risk.reviews.rules.validity import last_prolonged_day
from risk.reviews.services import approvals_lapse, review_prolong
from risk.reviews.tests.factories import approve_all, give_grade, make_project, submit

pytestmark = pytest.mark.django_db
WHY, DAY = "接入系统批复延期，合同签署顺延。", timedelta(days=1)


@given(last=st.dates(date(2020, 1, 1), date(2090, 1, 1)), months=st.integers(1, 12))
def test_the_latest_day_lies_later_and_within_the_months(last, months):
    found = last_prolonged_day(last, months=months)
    assert last < found <= last + months * 31 * DAY
    assert found.day in (last.day, (found + DAY).day - 1 or found.day)


@pytest.fixture
def case(db):
    """Approved today, valid for six months."""
    opened = approve_all(submit(make_project(validity_months=None)))
    opened.project.refresh_from_db()
    return opened


@pytest.fixture
def approver(db):
    return cast_member("final_approver")


def latest_of(case):
    return add_months(case.project.valid_until, 3)


def prolong(case, by, **more):
    case.refresh_from_db()
    given = {"until": latest_of(case), "reason": WHY, "expected_version": case.version, **more}
    return review_prolong(case=case, by=by, **given)


def test_the_approver_prolongs_it_by_three_months_and_it_lapses_only_then(case, approver):
    before, until = case.project.valid_until, latest_of(case)
    prolong(case, approver)
    found, project = Prolongation.objects.get(case=case), Project.objects.get(pk=case.project_id)
    assert (found.valid_before, found.valid_until, project.valid_until) == (before, until, until)
    assert broken([found, project]) == [], "told to the audit trail"
    for day, lapsed in ((before + DAY, 0), (until, 0), (until + DAY, 1)):
        with clock.at(day):
            assert approvals_lapse(by=SYSTEM) == lapsed


def test_there_is_one(case, approver):
    prolong(case, approver, until=case.project.valid_until + DAY)
    case.project.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        prolong(case, approver)
    assert refused.value.code == "prolonged"


@pytest.mark.parametrize("part", ["owner", "head", "recheck_reviewer", "second_final_approver"])
def test_nobody_but_who_approved_it_prolongs_it(case, part):
    person = cast_member(part)
    with pytest.raises((NotPermitted, NotVisible)):
        prolong(case, person)
    assert not Prolongation.objects.exists()


def test_who_lost_the_level_prolongs_nothing(case, approver):
    approver.role_grants.all().update(valid_until=clock.today() - DAY, valid_from=clock.today() - DAY)
    with pytest.raises((NotPermitted, NotVisible)):
        prolong(case, type(approver).objects.get(pk=approver.pk))


def test_a_day_beyond_the_rule_or_not_later_and_a_short_reason_are_refused(case, approver):
    for until in (latest_of(case) + DAY, case.project.valid_until):
        with pytest.raises(RuleRefused) as refused:
            prolong(case, approver, until=until)
        assert set(refused.value.errors) == {"until"}
    with pytest.raises(BadInput):
        prolong(case, approver, reason="延期")
    with pytest.raises(Stale):
        prolong(case, approver, expected_version=case.version - 1)


def test_over_or_under_contract_it_is_not_prolonged(case, approver, owner):
    with clock.at(case.project.valid_until + DAY), pytest.raises(Conflict) as refused:
        prolong(case, approver)
    assert refused.value.code == "not_valid"
    document_add(project=case.project, upload=text_file(), kind="contract", by=owner)
    case.project.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        prolong(case, approver)
    assert refused.value.code == "contracted"


def test_a_red_warning_another_grade_or_an_ended_one_stands_against_it(case, approver):
    client = case.project.client
    Standing.objects.filter(client=client).update(open_reds=1)
    with pytest.raises(RuleRefused) as refused:
        prolong(case, approver)
    assert refused.value.code == "changed"
    Standing.objects.filter(client=client).update(open_reds=0)
    give_grade(client, "B")
    with pytest.raises(RuleRefused) as refused:
        prolong(case, approver)
    assert refused.value.code == "changed"
    give_grade(client, "AA")
    Standing.objects.filter(client=client).update(grade_until=clock.today() - DAY)
    with pytest.raises(RuleRefused):
        prolong(case, approver)
    assert not Prolongation.objects.exists()


def test_the_database_moves_the_last_day_by_a_prolongation_of_the_approver_only(case, owner):
    before, until = case.project.valid_until, latest_of(case)
    with pytest.raises(IntegrityError, match="last_day_is_prolonged"), transaction.atomic():
        Project.objects.filter(pk=case.project_id).update(valid_until=until)
    row = {"round": case.round, "valid_before": before, "valid_until": until, "reason": WHY, "granted_at": clock.now()}
    with pytest.raises(IntegrityError, match="by who gave it"), transaction.atomic():
        Prolongation.objects.create(case=case, granted_by=owner, **row)


def test_the_page_prolongs_it_and_the_case_says_so(case, approver, owner):
    address, browser = reverse("risk:review_prolong", args=[case.pk]), browser_for(approver)
    assert address in browser.get(case.get_absolute_url()).content.decode()
    assert address not in browser_for(owner).get(case.get_absolute_url()).content.decode()
    case.refresh_from_db()
    body = {"until": str(latest_of(case)), "reason": WHY, "version": case.version}
    assert browser.post(address, {**body, "until": str(latest_of(case) + DAY)}).status_code == 422
    assert browser.post(address, body).status_code == 302
    shown = browser.get(case.get_absolute_url()).content.decode()
    assert WHY in shown and address not in shown


def test_the_api_prolongs_it_and_tells_it(case, approver):
    case = ReviewCase.objects.get(pk=case.pk)
    body = {"until": str(latest_of(case)), "reason": WHY, "expected_version": case.version}
    answer = api_for(approver).post(reverse("api:review-prolong", args=[case.pk]), body, format="json")
    assert answer.status_code == 201
    (told,) = answer.json()["prolongations"]
    assert (told["valid_until"], told["granted_by_name"]) == (body["until"], approver.name)
