"""The ways through a review, one promise each: forward, back, out, and what each leaves behind."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.file.models import Client, ClientGrant
from crm.kernel.access.errors import (
    BadInput,
    Conflict,
    NotPermitted,
    NotVisible,
    PreconditionRequired,
    RuleRefused,
    Stale,
)
from crm.kernel.access.grants import grants_of
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Account, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.people.services import role_revoke
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member, make_account, make_person
from projects.deals.models import Project, ProjectEditor, ProjectGrant
from projects.deals.services import project_update
from risk.ratings.rules.validity import add_months
from risk.reviews import selectors
from risk.reviews.models import Condition, ConflictDeclaration, Decision, ReviewCase, ReviewRound, ReviewSeat
from risk.reviews.rules.dossier import hash_text
from risk.reviews.services import (
    conflict_declare,
    decision_make,
    review_submit,
    review_withdraw,
    waiting_refresh,
)
from risk.reviews.tests.factories import (
    OPINION,
    approve_all,
    decide,
    declare,
    give_grade,
    make_client,
    make_project,
    submit,
)

pytestmark = pytest.mark.django_db


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def events(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def told(refused: RuleRefused) -> str:
    return " ".join(str(reason) for reasons in refused.errors.values() for reason in reasons)


# -- forward -----------------------------------------------------------------------------------------------------------


def test_three_people_approve_a_deal():
    project = make_project()
    case = submit(project)
    assert (case.status, case.stage, case.round, case.required_level) == ("open", "initial", 1, 2)
    approve_all(case)
    project.refresh_from_db()
    assert (case.status, project.status, project.approved_amount) == ("approved", "approved", Decimal("80000000.00"))
    assert case.closed_at is not None and case.due_on is None
    assert [row.person.name for row in case.decisions.order_by("decided_at")] == ["周启明", "沈若岚", "韩致远"]
    assert events("review.decided") == 3 and events("review.submitted") == 1 and events("project.approved") == 1


def test_a_submission_freezes_the_dossier_and_locks_the_deal(owner):
    project = make_project()
    case = submit(project)
    found = ReviewRound.objects.get(case=case)
    assert hash_text(found.dossier) == found.dossier_sha256
    assert found.dossier == json.dumps(
        json.loads(found.dossier), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert json.loads(found.dossier)["project"]["amount"] == "80000000.00"
    project.refresh_from_db()
    assert project.locked_by_review == case.number
    with pytest.raises(Conflict):
        project_update(project=project, expected_version=project.version, by=owner, amount=Decimal(1))


def test_every_decision_carries_the_hash_of_its_round():
    case = submit(make_project())
    approve_all(case)
    sha256 = ReviewRound.objects.get(case=case).dossier_sha256
    assert set(Decision.objects.filter(case=case).values_list("dossier_sha256", flat=True)) == {sha256}


def test_makers_are_seated_and_numbers_count_up(owner, assistant):
    first, second = submit(make_project()), submit(make_project())
    assert int(second.number[-4:]) == int(first.number[-4:]) + 1 and first.number.startswith("SC-")
    seats = ReviewSeat.objects.filter(case=first)
    assert {seat.person_id for seat in seats} == {owner.pk, assistant.pk} and {seat.stage for seat in seats} == {
        "maker"
    }


def test_the_due_day_is_counted_in_working_days_of_the_stage():
    case = submit(make_project())
    first = case.due_on
    decide(case, cast_member("initial_reviewer"))
    assert first is not None and case.due_on is not None and case.due_on >= first


def test_reviewers_see_deal_and_client_only_while_it_is_their_move():
    project = make_project()
    case = submit(project)
    reviewer, other = cast_member("initial_reviewer"), cast_member("second_initial_reviewer")
    rechecker = cast_member("recheck_reviewer")
    seen = lambda person: (  # noqa: E731
        Project.objects.visible_to(fresh(person)).filter(pk=project.pk).exists(),
        Client.objects.visible_to(fresh(person)).filter(pk=project.client_id).exists(),
        ReviewCase.objects.visible_to(fresh(person)).filter(pk=case.pk).exists(),
    )
    assert seen(reviewer) == seen(other) == (True, True, True) and seen(rechecker) == (False, False, False)
    decide(case, reviewer)
    assert seen(reviewer) == (True, True, True) and seen(other) == (False, False, False)
    assert seen(rechecker) == (True, True, True)
    decide(case, rechecker)
    decide(case, cast_member("final_approver"))
    # Who signed keeps deal and case, but the client's file only while a case of theirs is open.
    assert seen(reviewer) == (True, False, True) and seen(cast_member("second_final_approver")) == (False, False, False)
    assert grants_of(ProjectGrant, project, source=f"review:{case.number}").count() == 3
    assert grants_of(ClientGrant, project.client, source=f"review:{case.number}").count() == 0


def test_an_exposure_counts_the_clients_other_approved_deals():
    client = make_client(cast_member("owner"))
    approve_all(submit(make_project(client)))
    case = submit(make_project(client, amount=Decimal("60000000.00")))
    assert case.authority["exposure"] == "140000000.00" and case.required_level == 2


# -- gates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"capital": Decimal("23000000.00")}, "capital"),
        ({"capital": None}, "capital"),
        ({"assistant": None}, "investigators"),
        ({"currency": "USD"}, "currency"),
        ({"amount": Decimal("150000000.01"), "total_investment": Decimal("200000000.00")}, "amount"),
        ({"term_months": 121}, "amount"),
    ],
)
def test_a_gate_that_does_not_hold_refuses_and_names_its_field(facts, field):
    project = make_project(**facts)
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert list(refused.value.errors) == [field]
    assert not ReviewCase.objects.exists() and not Project.objects.get(pk=project.pk).is_locked


@pytest.mark.parametrize("part", ["owner", "assistant"])
@pytest.mark.parametrize("left", [True, False], ids=["left", "lost the role"])
def test_two_investigators_still_work_here_and_hold_their_roles_at_the_submission(colleague, part, left):
    project = make_project(make_client(colleague), lead=cast_member("owner"))
    person = cast_member(part)
    if left:
        Person.objects.filter(pk=person.pk).update(is_active=False)
    else:
        RoleGrant.objects.filter(person=person).delete()
    with pytest.raises(RuleRefused) as refused:
        submit(project, by=colleague)
    assert list(refused.value.errors) == ["investigators"] and person.name in told(refused.value)
    [gate] = [check for check in selectors.list_submission_checks(project) if check.field == "investigators"]
    assert not gate.passed and person.name in gate.detail


def test_a_deal_in_another_currency_is_refused_because_a_planning_rate_tells_no_authority():
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(currency="USD"))
    assert "计划汇率" in told(refused.value)


def test_all_gates_are_told_together():
    project = make_project(make_client(cast_member("owner"), grade=""), capital=None, assistant=None)
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert set(refused.value.errors) == {"capital", "investigators", "grade"}


def test_a_deal_that_needs_the_committee_is_refused_saying_so():
    project = make_project(
        amount=Decimal("160000000.00"), total_investment=Decimal("300000000.00"), capital=Decimal("100000000.00")
    )
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert "committee" in str(refused.value.errors["amount"][0]) or "贷审会" in str(refused.value.errors["amount"][0])


def test_only_who_works_on_the_deal_submits_it(stranger, head, initial_reviewer):
    project = make_project()
    with pytest.raises(NotVisible):
        review_submit(project=project, expected_version=project.version, by=stranger)
    with pytest.raises(NotPermitted):
        review_submit(project=project, expected_version=project.version, by=head)


def test_a_submission_names_the_version_it_saw(owner):
    project = make_project()
    with pytest.raises(PreconditionRequired):
        review_submit(project=project, expected_version=None, by=owner)
    with pytest.raises(Stale):
        review_submit(project=project, expected_version=project.version + 1, by=owner)


def test_a_second_submission_is_a_conflict(owner):
    project = make_project()
    submit(project)
    with pytest.raises(Conflict):
        submit(project)


def stricter_sector(system_admin, second_system_admin):
    """From today the sector of the tests' deals asks for half of the investment as capital."""
    table = parameters.value("capital.ratios").value
    sectors = [{**row, "institution": "0.50"} if row["code"] == "other" else row for row in table["sectors"]]
    value, today = {**table, "sectors": sectors}, clock.today()
    draft = parameter_propose(
        code="capital.ratios", value=value, effective_from=today, source="[D] test", by=system_admin
    )
    parameter_approve(version=draft, by=second_system_admin)


@pytest.mark.parametrize("verb", ["approve", "approve_with_conditions"])
@pytest.mark.parametrize("stage", [0, 1, 2])
def test_no_stage_approves_below_the_capital_ratio_of_the_day_of_decision(
    stage, verb, system_admin, second_system_admin
):
    case = submit(make_project())
    people = [cast_member(part) for part in ("initial_reviewer", "recheck_reviewer", "final_approver")]
    for person in people[:stage]:
        decide(case, person)
    stricter_sector(system_admin, second_system_admin)
    with pytest.raises(RuleRefused) as refused:
        decide(case, people[stage], verb)
    assert (refused.value.code, refused.value.details["fields"]) == ("gates_today", ["capital"])
    assert "50.00%" in str(refused.value.message)
    assert decide(case, people[stage], "return").verb == "return"


def test_no_stage_approves_once_the_grade_has_expired(initial_reviewer):
    case = submit(make_project())
    with clock.at(add_months(clock.today(), 4)):
        with pytest.raises(RuleRefused) as refused:
            decide(case, initial_reviewer)
        assert (refused.value.code, refused.value.details["fields"]) == ("gates_today", ["grade"])
        assert decide(case, initial_reviewer, "return").verb == "return"


def test_a_product_without_the_test_is_approved_whatever_the_ratio(system_admin, second_system_admin):
    case = submit(make_project(product="P04", total_investment=None, capital=None))
    stricter_sector(system_admin, second_system_admin)
    assert approve_all(case).status == "approved"


def test_a_decision_keeps_the_versions_of_the_rules_it_was_measured_by(system_admin, second_system_admin):
    case = submit(make_project())
    approve_all(case)
    codes = [[stamp["code"] for stamp in row.rule_versions["rules"]] for row in case.decisions.all()]
    assert codes == [["authority.matrix", "authority.modifiers", "capital.ratios", "deal.products"]] * 3


# -- whose move --------------------------------------------------------------------------------------------------------


def test_who_has_not_declared_may_not_decide(initial_reviewer):
    case = submit(make_project())
    with pytest.raises(RuleRefused) as refused:
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=initial_reviewer)
    assert refused.value.code == "not_declared"


def test_the_wrong_person_hears_why_and_who_can(head):
    case = submit(make_project())
    with pytest.raises(NotPermitted) as refused:
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=head)
    assert "周启明" in str(refused.value.message)
    assert set(refused.value.details["who_can"]) == {"周启明", "许嘉宁"}


def test_a_stranger_does_not_see_the_case(stranger):
    case = submit(make_project())
    for act in (
        lambda: decision_make(case=case, verb="approve", opinion=OPINION, expected_version=1, by=stranger),
        lambda: conflict_declare(case=case, has_conflict=False, expected_version=1, by=stranger),
        lambda: review_withdraw(case=case, reason="x", expected_version=1, by=stranger),
    ):
        with pytest.raises(NotVisible):
            act()


def test_a_maker_with_the_role_never_decides():
    both = make_person("双料", Role.ACCOUNT_MANAGER, Role.INITIAL_REVIEWER)
    project = make_project(lead=both)
    case = submit(project)
    with pytest.raises(NotPermitted):
        declare(case, both)
    assert both.pk not in {person.pk for person in selectors.waiting_for(case)}
    assert both.pk in {found.person.pk for found in selectors.list_verdicts(case) if not found.eligible}


def test_one_person_decides_at_one_stage_only():
    both = make_person("两岗", Role.INITIAL_REVIEWER, Role.RECHECK_REVIEWER, place="0030")
    case = submit(make_project())
    decide(case, both)
    with pytest.raises(Conflict) as refused:
        declare(case, both)
    assert refused.value.code == "decided_already"


def test_a_second_account_is_the_same_person():
    both = make_person("两岗", Role.INITIAL_REVIEWER, Role.RECHECK_REVIEWER, place="0030")
    case = submit(make_project())
    decide(case, both)
    second = make_account(both)
    with pytest.raises(Conflict):
        declare(case, fresh(second.person))


def test_the_recheck_comes_from_another_department():
    near = make_person("近邻", Role.RECHECK_REVIEWER, place="0010")
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    assert near.pk not in {person.pk for person in selectors.waiting_for(case)}
    with pytest.raises(NotVisible):
        declare(case, near)


def test_the_recheck_is_independent_of_the_department_the_owner_has_moved_to(owner):
    """The client's file stays with its department: where its account manager sits today counts as well."""
    near, far = make_person("新邻", Role.RECHECK_REVIEWER, place="0020"), cast_member("recheck_reviewer")
    project = make_project()
    case = submit(project)
    decide(case, cast_member("initial_reviewer"))
    assert {near.pk, far.pk} <= {person.pk for person in selectors.waiting_for(case)}
    Person.objects.filter(pk=owner.pk).update(department=near.department)
    case = ReviewCase.objects.get(pk=case.pk)
    assert near.pk not in {person.pk for person in selectors.waiting_for(case)}
    assert not selectors.inbox(viewer=fresh(near)).filter(pk=case.pk).exists()
    with pytest.raises(NotPermitted):
        declare(case, near)
    assert far.pk in {person.pk for person in selectors.waiting_for(case)}


def test_final_authority_below_the_level_does_not_decide():
    low = make_person("低权", Role.FINAL_APPROVER, place="0001", level=1)
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    decide(case, cast_member("recheck_reviewer"))
    assert {person.name for person in selectors.waiting_for(case)} == {"韩致远", "郑伯远"}
    assert [found.person for found in selectors.list_verdicts(case) if found.reason] == [low]


def test_a_new_owner_of_the_client_does_not_decide(initial_reviewer):
    project = make_project()
    case = submit(project)
    declare(case, initial_reviewer)
    Client.objects.filter(pk=project.client_id).update(owner=initial_reviewer)
    with pytest.raises(NotPermitted):
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=initial_reviewer)


def test_a_deactivated_person_does_not_decide(initial_reviewer):
    case = submit(make_project())
    declare(case, initial_reviewer)
    stale = fresh(initial_reviewer)
    Person.objects.filter(pk=initial_reviewer.pk).update(is_active=False)
    with pytest.raises(NotPermitted):
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=stale)


def test_who_has_no_open_account_is_not_waited_for_and_the_page_says_why(initial_reviewer, second_initial_reviewer):
    Account.objects.filter(person=initial_reviewer).update(is_active=False)
    case = submit(make_project())
    assert selectors.waiting_for(case) == [second_initial_reviewer]
    assert [(found.person, str(found.reason)) for found in selectors.list_verdicts(case) if found.reason] == [
        (initial_reviewer, "没有可用的账号")
    ]
    Account.objects.filter(person=second_initial_reviewer).update(is_active=False)
    assert waiting_refresh(by=SYSTEM) == 1 and events("review.nobody_eligible") == 1


def test_a_condition_binds_somebody_who_works_here(owner, initial_reviewer, colleague):
    case = submit(make_project())
    Person.objects.filter(pk=owner.pk).update(is_active=False)
    with pytest.raises(RuleRefused) as refused:
        decide(case, initial_reviewer, "approve_with_conditions")
    assert refused.value.field == "conditions.0.owner"
    assert not Condition.objects.exists() and not Decision.objects.exists()
    rows = [{"text": "接入系统批复原件", "kind": "precedent", "owner": colleague.pk}]
    decide(case, initial_reviewer, "approve_with_conditions", conditions=rows)
    assert Condition.objects.get().owner == colleague


def test_a_second_decision_of_a_stage_is_refused():
    case = submit(make_project())
    first, second = cast_member("initial_reviewer"), cast_member("second_initial_reviewer")
    declare(case, second)
    version = case.version
    decide(case, first)
    with pytest.raises(Stale) as refused:
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=version, by=second)
    assert "周启明" in str(refused.value.message)
    with pytest.raises(NotPermitted):
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=fresh(second))
    with pytest.raises(Conflict):
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=fresh(first))


def test_inbox_and_waiting_agree():
    case = submit(make_project())
    for _stage in range(3):
        waiting = {person.pk for person in selectors.waiting_for(case)}
        everybody = Person.objects.filter(is_active=True)
        assert waiting == {p.pk for p in everybody if selectors.inbox(viewer=p).filter(pk=case.pk).exists()}
        listed = selectors.annotate_waiting(ReviewCase.objects.filter(pk=case.pk)).get().waiting
        assert waiting == {row["id"] for row in listed}
        decide(case, Person.objects.get(pk=min(waiting)))


def test_who_joins_or_leaves_while_a_case_waits_is_seen_by_the_refresh(initial_reviewer, second_initial_reviewer):
    project = make_project()
    case = submit(project)
    joined = make_person("新来", Role.INITIAL_REVIEWER)
    with pytest.raises(NotVisible):
        declare(case, joined)
    assert waiting_refresh(by=SYSTEM) == 1 and waiting_refresh(by=SYSTEM) == 0
    declare(case, joined)
    Person.objects.filter(pk__in=[initial_reviewer.pk, second_initial_reviewer.pk, joined.pk]).update(is_active=False)
    assert waiting_refresh(by=SYSTEM) == 1 and events("review.nobody_eligible") == 1
    project.refresh_from_db()
    assert project.waiting_for == []


# -- verbs -------------------------------------------------------------------------------------------------------------


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
    project = make_project(**{part: both})
    successor = {part: owner if part == "lead" else assistant}
    project_update(project=project, expected_version=project.version, by=owner, **successor)
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
    with pytest.raises(RuleRefused) as refused:
        decide(case, final_approver, "escalate")
    assert refused.value.code == "committee"
    decide(case, final_approver)
    assert case.status == "approved"


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


# -- authority and material changes ------------------------------------------------------------------------------------


def test_a_material_change_of_the_client_refuses_approval_until_the_case_is_returned(initial_reviewer):
    project = make_project()
    case = submit(project)
    Client.objects.filter(pk=project.client_id).update(name="改名有限公司", name_normalised="改名有限公司")
    changes = selectors.find_live_changes(selectors.get_review(viewer=initial_reviewer, pk=case.pk))
    assert any(change.is_material for change in changes)
    with pytest.raises(RuleRefused) as refused:
        decide(case, initial_reviewer)
    assert refused.value.code == "material_change"
    decide(case, initial_reviewer, "return")
    again = submit(project)
    decide(again, initial_reviewer)
    assert again.stage == "recheck"


def test_an_address_is_shown_and_does_not_refuse(initial_reviewer):
    project = make_project()
    case = submit(project)
    Client.objects.filter(pk=project.client_id).update(address="盐城市大丰区 1 号")
    changes = selectors.find_live_changes(selectors.get_review(viewer=initial_reviewer, pk=case.pk))
    assert [(change.path, change.is_material) for change in changes] == [("client.address", False)]
    decide(case, initial_reviewer)
    assert case.stage == "recheck"


def test_a_grade_that_changed_refuses_approval(initial_reviewer):
    project = make_project()
    case = submit(project)
    give_grade(project.client, "B")
    with pytest.raises(RuleRefused) as refused:
        decide(case, initial_reviewer)
    assert refused.value.code == "material_change"


def test_authority_is_measured_on_the_day_of_the_decision(final_approver):
    client = make_client(cast_member("owner"))
    first, second = submit(make_project(client)), submit(make_project(client))
    for case in (first, second):
        decide(case, cast_member("initial_reviewer"))
        decide(case, cast_member("recheck_reviewer"))
    decide(first, final_approver)
    with pytest.raises(RuleRefused) as refused:
        decide(second, final_approver)
    assert refused.value.code == "authority_risen"


# -- budgets -----------------------------------------------------------------------------------------------------------


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
