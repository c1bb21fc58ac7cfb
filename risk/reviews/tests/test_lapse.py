"""An approval without a contract lapses and leaves the exposure; renewed it returns to the re-check (rules-2 1)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.access.errors import Conflict
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.evidence import broken
from crm.kernel.notify.models import Notice
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member
from projects.deals.services import document_add, project_update
from projects.deals.tests.factories import text_file
from risk.ratings.rules.validity import add_months
from risk.reviews.models import Decision, ReviewRound
from risk.reviews.rules.validity import due_reminder, last_valid_day
from risk.reviews.selectors.dossier import read_exposure
from risk.reviews.services import approvals_lapse, approvals_remind
from risk.reviews.tests.factories import approve_all, decide, give_grade, make_project, submit

TABLE = {"fixed": 6, "others": 3, "remind_days": [30, 7]}
DECIDED, DAY = date(2026, 3, 31), timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "is_fixed", "own", "last"),
    [
        (date(2026, 3, 31), True, None, date(2026, 9, 30)),
        (date(2026, 3, 31), False, None, date(2026, 6, 30)),
        (date(2026, 3, 31), True, 2, date(2026, 5, 31)),
        (date(2026, 3, 31), True, 12, date(2026, 9, 30)),
        (date(2025, 8, 31), True, None, date(2026, 2, 28)),
    ],
)
def test_the_last_valid_day(day, is_fixed, own, last):
    assert last_valid_day(day, is_fixed=is_fixed, own=own, table=TABLE) == last


@given(left=st.integers(-5, 400))
def test_a_reminder_is_due_from_its_day_to_the_last_one(left):
    found = due_reminder(DECIDED, DECIDED + timedelta(days=left), [30, 7])
    assert found == (7 if 0 <= left <= 7 else 30 if 7 < left <= 30 else None)


@pytest.fixture
def case(db):
    """Approved today, valid for six months."""
    opened = approve_all(submit(make_project(validity_months=None)))
    opened.project.refresh_from_db()
    assert opened.project.valid_until == add_months(clock.today(), 6)
    return opened


def last_day_of(case):
    return case.project.valid_until


def lapse_on(day):
    with clock.at(day):
        return approvals_lapse(by=SYSTEM)


def test_it_counts_through_its_last_day_and_not_a_day_longer(case):
    last, other = last_day_of(case), make_project(case.project.client)
    for day, existing in ((last, "80000000.00"), (last + DAY, "0.00")):
        with clock.at(day):
            assert Decimal(read_exposure(other)["existing"]) == Decimal(existing), "also before the night has passed"
    assert lapse_on(last) == 0
    assert lapse_on(last + DAY) == 1
    assert lapse_on(last + DAY) == 0, "once"
    case.refresh_from_db()
    project = case.project
    project.refresh_from_db()
    assert (case.status, project.status, project.lapsed_on) == ("lapsed", "lapsed", last + DAY)
    assert project.client.standing.exposure == 0
    assert broken([project]) == [], "what lapsed is told to the audit trail"
    assert Notice.objects.filter(kind="review.lapsed", recipient=project.client.owner).count() == 1


def test_the_signed_contract_and_nothing_else_is_filed_and_keeps_it_from_lapsing(case, owner):
    last = last_day_of(case)
    with pytest.raises(Conflict):
        document_add(project=case.project, upload=text_file(), kind="other", by=owner)
    address = reverse("projects:document_add", args=[case.project_id])
    browser = browser_for(owner)
    assert 'value="contract"' in (page := browser.get(address).content.decode()) and 'value="other"' not in page
    browser.post(address, {"file": text_file(), "kind": "contract"})
    case.project.refresh_from_db()
    assert (case.project.status, case.project.contracted_on) == ("approved", clock.today())
    assert lapse_on(last + DAY) == 0
    with clock.at(last + DAY):
        assert read_exposure(make_project(case.project.client))["existing"] == "80000000.00"


def test_the_account_manager_is_reminded_30_and_7_days_before_once_each(case):
    told = []
    for left in (31, 30, 29, 7, 6):
        with clock.at(last_day_of(case) - left * DAY):
            told.append(approvals_remind(by=SYSTEM))
    assert told == [0, 1, 0, 1, 0]


def test_renewed_it_goes_back_to_the_re_check_and_the_initial_review_stands(case):
    later = last_day_of(case) + DAY
    lapse_on(later)
    with clock.at(later):
        give_grade(case.project.client, "AA")
        again = submit(case.project)
        first = Decision.objects.get(case=case, stage="initial")
        opened = ReviewRound.objects.get(case=case, number=2)
        assert (again.pk, again.round, again.stage, again.status) == (case.pk, 2, "recheck", "open")
        assert opened.carried == {"initial": first.pk}
        again.refresh_from_db()
        decide(again, cast_member("recheck_reviewer"))
        decide(again, cast_member("final_approver"), amount=Decimal("60000000"))
    case.project.refresh_from_db()
    assert (case.project.status, case.project.approved_amount) == ("approved", Decimal("60000000.00"))
    assert case.project.valid_until == add_months(later, 6)


def test_a_changed_project_is_renewed_from_the_beginning(case, owner):
    later = last_day_of(case) + DAY
    lapse_on(later)
    with clock.at(later):
        give_grade(case.project.client, "AA")
        case.project.refresh_from_db()
        version = case.project.version
        project_update(project=case.project, expected_version=version, by=owner, amount=Decimal("50000000"))
        assert submit(case.project).stage == "initial"
