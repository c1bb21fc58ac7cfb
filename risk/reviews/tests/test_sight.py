"""What the acts cost, and who sees the case after them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.roles import Role
from crm.kernel.people.services import role_revoke
from crm.tests.support.people import cast_member, make_person
from risk.reviews import selectors
from risk.reviews.models import Condition, Decision, ReturnItem, ReviewCase, ReviewSeat
from risk.reviews.services import (
    decision_make,
    waiting_refresh,
)
from risk.reviews.tests.factories import (
    OPINION,
    approve_all,
    decide,
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


def test_what_comes_with_a_case_is_what_the_tables_hold(owner):
    """Seats, decisions, return items and conditions come in the query of their case, each as its own row."""
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"), "return")
    case = submit(case.project)
    decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    declare(case, cast_member("recheck_reviewer"), conflict=True)
    found = selectors.get_review(viewer=owner, pk=case.pk)
    with CaptureQueriesContext(connection) as asked:
        decisions = list(found.decisions.all())
        hung = {
            ReviewSeat: list(found.seats.all()),
            Decision: decisions,
            Condition: list(found.conditions.all()),
            ReturnItem: [item for one in decisions for item in one.items.all()],
        }
        assert {one.person.department.name for one in [*hung[ReviewSeat], *decisions]} >= {"客户一部", "风险管理部"}
        assert all(one.case is found for one in decisions)
    assert len(asked) == 0
    for model, rows in hung.items():
        assert rows and {tuple(vars_of(one)) for one in rows} == {tuple(vars_of(one)) for one in model.objects.all()}


def vars_of(row):
    return [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
