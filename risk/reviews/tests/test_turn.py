"""Who may decide a case, who may not, and what each hears."""

import pytest

from clients.file.models import Client
from crm.kernel.access.errors import (
    Conflict,
    NotPermitted,
    NotVisible,
    RuleRefused,
    Stale,
)
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_account, make_person
from risk.reviews import selectors
from risk.reviews.models import Condition, Decision, ReviewCase
from risk.reviews.services import (
    conflict_declare,
    decision_make,
    review_withdraw,
    waiting_refresh,
)
from risk.reviews.tests.factories import (
    OPINION,
    decide,
    declare,
    make_project,
    submit,
)
from risk.reviews.tests.helpers import events, fresh

pytestmark = pytest.mark.django_db


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
