"""The main way through: one deal, three people, and the ways back."""

import pytest

from crm.testing.people import cast_member
from risk.reviews import selectors
from risk.reviews.models import CaseStatus, ReviewRound
from risk.reviews.tests.factories import approve_all, decide, make_project, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cast(db):
    for part in (
        "initial_reviewer",
        "second_initial_reviewer",
        "recheck_reviewer",
        "second_recheck_reviewer",
        "final_approver",
        "second_final_approver",
    ):
        cast_member(part)


def test_three_people_approve_a_deal(owner):
    project = make_project()
    case = submit(project)
    assert (case.status, case.stage, case.round) == ("open", "initial", 1)
    approve_all(case)
    project.refresh_from_db()
    assert case.status == CaseStatus.APPROVED
    assert project.status == "approved"
