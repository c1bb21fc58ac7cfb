"""What the acts cost, and who sees the case after them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.roles import Role
from crm.kernel.people.services import role_revoke
from crm.tests.support.people import cast_member, make_person
from risk.reviews.models import ReviewCase
from risk.reviews.services import (
    decision_make,
    waiting_refresh,
)
from risk.reviews.tests.factories import (
    OPINION,
    approve_all,
    declare,
    make_project,
    submit,
)
from risk.reviews.tests.helpers import fresh

pytestmark = pytest.mark.django_db


def test_deciding_and_submitting_stay_within_their_query_budgets(capsys):
    project = make_project()
    with CaptureQueriesContext(
        connection,
    ) as submitting:
        case = submit(project)
    figures = {"submit": len(submitting)}
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        person = fresh(cast_member(part))
        declare(case, person)
        with CaptureQueriesContext(connection) as deciding:
            decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=person)
        case.refresh_from_db()
        figures[part] = len(deciding)
    assert figures["submit"] <= 60 and max(value for name, value in figures.items() if name != "submit") <= 30, figures


def test_an_approval_tells_the_clients_exposure(owner):
    case = submit(make_project())
    approve_all(case)
    standing = case.project.client.standing
    standing.refresh_from_db()
    assert standing.exposure == case.project.amount
    assert standing.exposure_source == f"review:{case.pk}"


def test_who_recused_reads_no_further(owner):
    case = submit(make_project())
    reviewer = cast_member("initial_reviewer")
    declare(case, reviewer, conflict=True)
    assert not ReviewCase.objects.visible_to(fresh(reviewer)).filter(pk=case.pk).exists()


def test_a_role_that_comes_or_goes_changes_who_sees_the_case(owner):
    case = submit(make_project())
    late = make_person("后来者", Role.INITIAL_REVIEWER, place="0020")
    assert not ReviewCase.objects.visible_to(fresh(late)).filter(pk=case.pk).exists()
    assert waiting_refresh(by=SYSTEM) == 1
    assert ReviewCase.objects.visible_to(fresh(late)).filter(pk=case.pk).exists()
    assert waiting_refresh(by=SYSTEM) == 0
    role_revoke(grant=late.role_grants.get(), by=SYSTEM)
    assert waiting_refresh(by=SYSTEM) == 1
    assert not ReviewCase.objects.visible_to(fresh(late)).filter(pk=case.pk).exists()
