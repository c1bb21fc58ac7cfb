"""What each decision does to case, project, seats and conditions."""

from datetime import date
from decimal import Decimal

import pytest

from crm.kernel.access.errors import (
    BadInput,
    Conflict,
    NotPermitted,
    NotVisible,
    RuleRefused,
)
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person
from projects.deals.models import ProjectEditor
from projects.deals.services import project_update
from projects.deals.tests.factories import attach_papers
from risk.reviews import selectors
from risk.reviews.models import Condition, ConflictDeclaration, Decision, ReviewRound, ReviewSeat
from risk.reviews.services import (
    decision_make,
    review_withdraw,
)
from risk.reviews.tests.factories import (
    OPINION,
    approve_all,
    decide,
    declare,
    make_project,
    submit,
)
from risk.reviews.tests.helpers import events

pytestmark = pytest.mark.django_db


def test_a_return_frees_the_deal_and_keeps_what_must_be_brought(owner, initial_reviewer):
    project = make_project()
    case = submit(project)
    decision = decide(case, initial_reviewer, "return", items=["施工许可证", "EPC 合同"])
    project.refresh_from_db()
    assert (case.status, project.status, project.is_locked) == ("returned", "returned", False)
    assert [item.text for item in decision.items.all()] == ["施工许可证", "EPC 合同"]
    assert decision.return_due_on is not None and project.due_on == decision.return_due_on


def test_an_unchanged_deal_starts_again_at_the_target_and_approvals_below_stand():
    project = make_project()
    case = submit(project)
    first = decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    decide(case, cast_member("recheck_reviewer"))
    decide(case, cast_member("final_approver"), "return", target_stage="recheck")
    again = submit(project)
    assert (again.round, again.stage, again.status) == (2, "recheck", "open")
    opened = ReviewRound.objects.get(case=case, number=2)
    assert opened.carried == {"initial": first.pk}
    assert Condition.objects.get(case=case).is_in_force
    decide(again, cast_member("recheck_reviewer"))
    decide(again, cast_member("final_approver"))
    assert again.status == "approved"


def test_a_changed_deal_starts_at_the_initial_review_and_shows_what_changed(owner, final_approver):
    project = make_project()
    case = submit(project)
    decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    decide(case, cast_member("recheck_reviewer"))
    decide(case, final_approver, "return", target_stage="final")
    project.refresh_from_db()
    project_update(project=project, expected_version=project.version, by=owner, amount=Decimal("72000000.00"))
    again = submit(project)
    assert (again.round, again.stage) == (2, "initial")
    assert Condition.objects.get(case=case).status == "lapsed"
    changes = selectors.find_changes_since(
        selectors.get_review(viewer=final_approver, pk=again.pk), person=final_approver
    )
    assert changes.since_round == 1
    assert {(row.path, row.before, row.after) for row in changes.rows} >= {
        ("project.amount", "80000000.00", "72000000.00")
    }
    approve_all(again)
    assert again.status == "approved"


def test_who_edits_the_deal_after_deciding_loses_the_voice(owner, initial_reviewer):
    project = make_project()
    case = submit(project)
    decide(case, initial_reviewer)
    decide(case, cast_member("recheck_reviewer"), "return", target_stage="recheck")
    ProjectEditor.objects.create(project=project, person=initial_reviewer)
    again = submit(project)
    assert again.stage == "initial", "an approval of somebody who edited does not stand"
    assert initial_reviewer.pk not in {person.pk for person in selectors.waiting_for(again)}
    with pytest.raises((NotPermitted, NotVisible)):
        declare(again, initial_reviewer)


@pytest.mark.parametrize("part", ["lead", "assistant"])
def test_an_investigator_replaced_before_the_submission_never_reviews_the_deal(part, owner, colleague, assistant):
    both = make_person("先查后审", Role.ACCOUNT_MANAGER, Role.INITIAL_REVIEWER, place="0020")
    project = make_project(papers=False, **{part: both})
    successor = {part: owner if part == "lead" else assistant}
    project_update(project=project, expected_version=project.version, by=owner, **successor)
    attach_papers(project)
    case = submit(project)
    assert both.pk in set(ReviewSeat.objects.filter(case=case, stage="maker").values_list("person_id", flat=True))
    assert both.pk not in {person.pk for person in selectors.waiting_for(case)}
    with pytest.raises((NotPermitted, NotVisible)):
        declare(case, both)


def test_a_decider_cannot_come_back_as_investigator():
    both = make_person("转岗", Role.ACCOUNT_MANAGER, Role.INITIAL_REVIEWER, place="0020")
    project = make_project()
    case = submit(project)
    decide(case, both, "return")
    project.refresh_from_db()
    project_update(project=project, expected_version=project.version, by=project.owner, assistant=both)
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert refused.value.code == "investigator_decided"


def test_a_rejection_ends_the_case():
    project = make_project()
    case = submit(project)
    decide(case, cast_member("initial_reviewer"), "reject")
    project.refresh_from_db()
    assert (case.status, project.status) == ("rejected", "rejected")
    with pytest.raises(Conflict) as refused:
        submit(project)
    assert refused.value.code == "case_rejected"
    with pytest.raises(Conflict):
        review_withdraw(case=case, expected_version=case.version, reason="撤回", by=project.owner)


def test_a_withdrawal_frees_the_deal_and_the_next_round_starts_at_the_beginning(owner):
    project = make_project()
    case = submit(project)
    decide(case, cast_member("initial_reviewer"))
    review_withdraw(case=case, expected_version=case.version, reason="客户推迟", by=owner)
    case.refresh_from_db()
    project.refresh_from_db()
    assert (case.status, project.status, case.withdrawn_reason) == ("withdrawn", "withdrawn", "客户推迟")
    again = submit(project)
    assert (again.pk, again.round, again.stage) == (case.pk, 2, "initial")


def test_a_reviewer_does_not_withdraw(initial_reviewer):
    case = submit(make_project())
    with pytest.raises(NotPermitted):
        review_withdraw(case=case, expected_version=case.version, reason="撤回", by=initial_reviewer)


def test_a_conflict_recuses_and_keeps_the_person_out_of_this_client(initial_reviewer):
    project = make_project()
    case = submit(project)
    declare(case, initial_reviewer, conflict=True)
    case.refresh_from_db()
    seat = ReviewSeat.objects.get(case=case, person=initial_reviewer)
    assert (seat.stage, seat.barred, case.stage, case.status) == ("initial", "recused", "initial", "open")
    assert Decision.objects.get(case=case).verb == "recuse"
    assert ConflictDeclaration.objects.get(person=initial_reviewer).has_conflict
    assert {person.name for person in selectors.waiting_for(case)} == {"许嘉宁"}
    with pytest.raises((NotPermitted, NotVisible)):
        declare(case, initial_reviewer)
    other = submit(make_project(project.client))
    assert {person.name for person in selectors.waiting_for(other)} == {"许嘉宁"}


def test_a_case_without_anybody_alarms_at_once(initial_reviewer, second_initial_reviewer, head, security_admin):
    case = submit(make_project())
    declare(case, initial_reviewer, conflict=True)
    assert events("review.nobody_eligible") == 0
    declare(case, second_initial_reviewer, conflict=True)
    assert events("review.nobody_eligible") == 1
    assert list(selectors.stuck(viewer=head)) == [case] and list(selectors.stuck(viewer=security_admin)) == [case]
    assert not selectors.stuck(viewer=cast_member("owner")).exists()


def test_recusing_by_decision_needs_no_declaration(initial_reviewer):
    case = submit(make_project())
    decision_make(
        case=case, verb="recuse", opinion="", reason_code="family", expected_version=case.version, by=initial_reviewer
    )
    assert ReviewSeat.objects.get(case=case, person=initial_reviewer).barred == "recused"


def test_escalation_stays_at_the_final_stage_with_a_higher_level(final_approver):
    low = make_person("低权", Role.FINAL_APPROVER, place="0001", level=1)
    case = submit(make_project(amount=Decimal("15000000.00")))
    assert case.required_level == 1
    decide(case, cast_member("initial_reviewer"))
    decide(case, cast_member("recheck_reviewer"))
    decide(case, low, "escalate")
    assert (case.stage, case.step, case.required_level, case.status) == ("final", 1, 2, "open")
    with pytest.raises(Conflict):
        declare(case, low)
    decide(case, final_approver)
    assert case.status == "approved"


def test_escalation_to_the_general_manager_leads_through_the_committee(final_approver):
    case = submit(make_project())
    for part in ("initial_reviewer", "recheck_reviewer"):
        decide(case, cast_member(part))
    assert (case.required_level, case.needs_committee) == (2, False)
    decide(case, final_approver, "escalate")
    assert (case.stage, case.step, case.required_level, case.needs_committee) == ("committee", 1, 3, True)


def test_escalating_before_the_final_stage_is_refused(initial_reviewer):
    case = submit(make_project())
    with pytest.raises(RuleRefused):
        decide(case, initial_reviewer, "escalate")


def test_a_later_stage_drops_a_condition_only_with_a_reason(initial_reviewer, recheck_reviewer):
    case = submit(make_project())
    decide(case, initial_reviewer, "approve_with_conditions")
    condition = Condition.objects.get(case=case)
    assert condition.owner.name == "林晓雯" and condition.blocking
    with pytest.raises(RuleRefused):
        decide(case, recheck_reviewer, dropped={condition.pk: " "})
    decide(case, recheck_reviewer, dropped={condition.pk: "已取得批复"})
    condition.refresh_from_db()
    assert (condition.status, condition.dropped_reason) == ("dropped", "已取得批复")


@pytest.mark.parametrize(
    ("more", "error", "field"),
    [
        ({"verb": "bless"}, BadInput, "verb"),
        ({"verb": "approve", "opinion": "好"}, RuleRefused, "opinion"),
        ({"verb": "approve", "opinion": "同意同意同意同意同意\x00"}, BadInput, "opinion"),
        ({"verb": "approve", "items": ["x"]}, BadInput, "items"),
        ({"verb": "approve_with_conditions"}, RuleRefused, "conditions"),
        ({"verb": "approve_with_conditions", "conditions": [{"text": ""}]}, BadInput, "conditions.0.text"),
        (
            {"verb": "approve_with_conditions", "conditions": [{"text": "a", "status": "met"}]},
            BadInput,
            "conditions.0.status",
        ),
        (
            {
                "verb": "approve_with_conditions",
                "conditions": [{"text": "a"}, {"text": "b", "due_on": date(2026, 1, 1)}],
            },
            BadInput,
            "conditions.1.due_on",
        ),
        ({"verb": "return", "reason_code": "documents_missing", "target_stage": "initial"}, RuleRefused, "items"),
        ({"verb": "return", "target_stage": "initial", "items": ["a"]}, RuleRefused, "reason_code"),
        ({"verb": "return", "reason_code": "zzz", "target_stage": "initial", "items": ["a"]}, BadInput, "reason_code"),
        ({"verb": "return", "reason_code": "other", "target_stage": "final", "items": ["a"]}, BadInput, "target_stage"),
        ({"verb": "reject"}, RuleRefused, "reason_code"),
    ],
)
def test_a_decision_of_the_wrong_shape_changes_nothing(initial_reviewer, more, error, field):
    case = submit(make_project())
    declare(case, initial_reviewer)
    given = {"opinion": OPINION, "expected_version": case.version, "by": initial_reviewer, **more}
    with pytest.raises(error) as refused:
        decision_make(case=case, **given)
    assert list(refused.value.errors) == [field]
    assert not Decision.objects.exists() and not Condition.objects.exists()
