"""Approve for less (核减, rules-2 7.3): asked, carried and approved side by side, and nothing grows again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.access.errors import BadInput, RuleRefused
from crm.kernel.audit.models import AuditEvent
from crm.tests.support.people import browser_for, cast_member
from projects.deals.services import project_update
from risk.reviews import selectors
from risk.reviews.models import Condition, Decision
from risk.reviews.rules.terms import Terms, carry_terms, find_ceiling, find_gap
from risk.reviews.selectors.dossier import open_dossier, read_exposure
from risk.reviews.tests.factories import OPINION, decide, declare, make_project, submit
from risk.reviews.tests.helpers import told

ASKED, SIXTY = Decimal("80000000.00"), Decimal("60000000.00")
amounts = st.decimals(min_value=1, max_value=10**12, places=2)
terms = st.builds(Terms, amounts, st.integers(1, 480), st.none() | st.integers(1, 120))


@given(asked=terms, carried=st.lists(terms, max_size=3), given_amount=st.none() | amounts)
def test_what_is_carried_is_never_more_than_anything_before_it(asked, carried, given_amount):
    ceiling = find_ceiling(asked, carried)
    found, problems = carry_terms(ceiling, amount=given_amount)
    if "amount" not in problems:
        assert all(found.amount <= row.amount for row in [asked, *carried])
    assert ("amount" in problems) == (given_amount is not None and given_amount > ceiling.amount)
    assert all(found.term_months <= row.term_months for row in [asked, *carried])


def test_zero_more_and_a_draw_down_period_above_the_term_are_named():
    ceiling = Terms(ASKED, 84, 24)
    assert carry_terms(ceiling, amount=Decimal(0))[1] == {"amount": "not_positive"}
    assert carry_terms(ceiling, amount=ASKED + Decimal("0.01"))[1] == {"amount": "above"}
    assert carry_terms(ceiling, term_months=0)[1] == {"term_months": "not_positive"}
    assert carry_terms(ceiling, term_months=85, draw_months=25)[1] == {"term_months": "above", "draw_months": "above"}
    assert carry_terms(ceiling, term_months=12)[1] == {"draw_months": "draw_above_term"}
    assert carry_terms(ceiling, amount=ASKED)[1] == {}, "equality is no reduction and is allowed"


def test_the_gap_is_what_the_reduced_amount_leaves_open():
    assert find_gap(need=ASKED, amount=SIXTY) == Decimal("20000000.00")
    assert find_gap(need=ASKED, amount=ASKED) == 0


@pytest.fixture
def case(db):
    """8,000 万元 of 12,000 with 4,000 of capital: at the re-check."""
    opened = submit(make_project())
    decide(opened, cast_member("initial_reviewer"))
    return opened


def test_the_decided_terms_are_the_deal_s_and_the_dossier_keeps_the_asked_ones(case):
    decide(case, cast_member("recheck_reviewer"), amount=Decimal("70000000"), term_months=72)
    decide(case, cast_member("final_approver"), amount=SIXTY)
    project = case.project
    project.refresh_from_db()
    assert (project.amount, project.term_months) == (ASKED, 84)
    assert (project.approved_amount, project.approved_term_months, project.approved_draw_months) == (SIXTY, 72, 18)
    assert open_dossier(case.rounds.get())["project"]["amount"] == "80000000.00"
    kept = Decision.objects.filter(case=case).order_by("pk").values_list("stage", "amount", "term_months")
    assert list(kept) == [("initial", ASKED, 84), ("recheck", Decimal(70000000), 72), ("final", SIXTY, 72)]
    assert read_exposure(make_project(project.client))["existing"] == "60000000.00"
    event = AuditEvent.objects.filter(action="review.decided").order_by("pk").last()
    assert event.data["amount"] == "60000000.00"


def test_a_reduced_amount_makes_the_sponsors_close_the_gap_before_money_flows(case):
    decide(case, cast_member("recheck_reviewer"))
    final = decide(case, cast_member("final_approver"), amount=SIXTY)
    made = Condition.objects.get(case=case)
    assert (made.kind, made.blocking, made.created_by_id) == ("precedent", True, final.pk)
    assert "2,000.00" in made.text and made.owner == case.project.client.owner


def test_an_approval_as_asked_adds_no_condition(case):
    decide(case, cast_member("recheck_reviewer"))
    decide(case, cast_member("final_approver"))
    assert not Condition.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", Decimal("80000000.01")), ("amount", Decimal(0)), ("term_months", 85), ("term_months", 0)],
)
def test_more_than_asked_or_nothing_is_refused_with_field_and_reason(case, field, value):
    with pytest.raises(RuleRefused) as refused:
        decide(case, cast_member("recheck_reviewer"), **{field: value})
    assert set(refused.value.errors) == {field} and told(refused.value)
    assert Decision.objects.filter(case=case).count() == 1


def test_a_later_stage_never_goes_back_up(case, final_approver):
    decide(case, cast_member("recheck_reviewer"), amount=SIXTY)
    with pytest.raises(RuleRefused) as refused:
        decide(case, final_approver, amount=Decimal("60000000.01"))
    assert "6,000.00" in told(refused.value)
    assert decide(case, final_approver).amount == SIXTY, "left empty it stays as it was carried"


def test_the_initial_review_and_a_rejection_carry_no_terms(initial_reviewer):
    opened = submit(make_project())
    with pytest.raises(RuleRefused) as refused:
        decide(opened, initial_reviewer, amount=SIXTY)
    assert "amount" in refused.value.errors
    with pytest.raises(BadInput) as wrong:
        decide(opened, initial_reviewer, "reject", amount=SIXTY)
    assert "amount" in wrong.value.errors


def test_the_case_page_offers_the_terms_and_shows_them_side_by_side(case, recheck_reviewer):
    declare(case, recheck_reviewer)
    case.refresh_from_db()
    browser = browser_for(recheck_reviewer)
    page = browser.get(case.get_absolute_url()).content.decode()
    assert 'name="amount"' in page and 'id="terms"' not in page
    body = {"verb": "approve", "opinion": OPINION, "seen": "on", "version": case.version}
    rows = {
        "items-TOTAL_FORMS": 0,
        "items-INITIAL_FORMS": 0,
        "conditions-TOTAL_FORMS": 0,
        "conditions-INITIAL_FORMS": 0,
    }
    refused = browser.post(f"{case.get_absolute_url()}decide/", {**body, **rows, "amount": "90,000,000"})
    assert refused.status_code == 422 and "8,000.00" in refused.content.decode()
    browser.post(f"{case.get_absolute_url()}decide/", {**body, **rows, "amount": "60,000,000", "term_months": "60"})
    assert Decision.objects.get(case=case, stage="recheck").amount == SIXTY
    page = browser.get(case.get_absolute_url()).content.decode()
    assert 'id="terms"' in page and "6,000.00" in page


def test_an_approval_of_an_earlier_round_is_held_against_what_that_round_asked(case, recheck_reviewer):
    decide(case, recheck_reviewer, "return")
    project = case.project
    project.refresh_from_db()
    owner = project.owner
    project_update(project=project, expected_version=project.version, by=owner, amount=Decimal("72000000.00"))
    submit(project)
    assert "核减为" not in browser_for(owner).get(case.get_absolute_url()).content.decode()


def test_a_reader_s_case_carries_exact_amounts(case, recheck_reviewer):
    decide(case, recheck_reviewer, amount=Decimal("60000000.07"))
    found = selectors.get_review(viewer=recheck_reviewer, pk=case.pk)
    assert [one.amount for one in found.decisions.all()] == [ASKED, Decimal("60000000.07")]
