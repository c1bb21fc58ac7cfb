"""Each single thing that keeps somebody from deciding, and each that only seems to: by the people of the case, by
the list of cases, and by what one person may decide. The three say the same.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from clients.file.models import Client, ClientGrant
from clients.file.services import co_manager_add
from crm.kernel.access.checks import may
from crm.kernel.access.errors import NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Department, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.people.services import department_create
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member, department, make_person
from risk.ratings.rules.validity import add_months
from risk.reviews import selectors
from risk.reviews.models import ReviewCase, ReviewSeat
from risk.reviews.selectors.eligibility import decidable_by, read_lookback_months
from risk.reviews.services import decision_make
from risk.reviews.tests.factories import OPINION, decide, declare, make_client, make_project, submit
from risk.reviews.tests.helpers import fresh

pytestmark = pytest.mark.django_db
YESTERDAY = clock.today() - timedelta(days=1)
Tie = Callable[[ReviewCase, Person], None]


def may_decide(case: ReviewCase, person: Person) -> bool:
    """Whether the person may decide now; all three ways of asking agree."""
    case = ReviewCase.objects.get(pk=case.pk)
    by_case = person.pk in {found.pk for found in selectors.waiting_for(case)}
    listed = selectors.annotate_waiting(ReviewCase.objects.filter(pk=case.pk)).get().waiting
    by_person = ReviewCase.objects.filter(decidable_by(fresh(person)), pk=case.pk).exists()
    assert (person.pk in {row["id"] for row in listed}, by_person) == (by_case, by_case)
    return by_case


def reason_for(case: ReviewCase, person: Person) -> str:
    """Why not, as the case's page says it; "" for who may, and for who does not hold the role."""
    found = selectors.list_verdicts(ReviewCase.objects.get(pk=case.pk))
    return next((str(verdict.reason) for verdict in found if verdict.person.pk == person.pk), "")


def helper(name: str = "邱子墨") -> Person:
    """An initial reviewer of another department who may also work with clients."""
    return make_person(name, Role.INITIAL_REVIEWER, Role.ACCOUNT_MANAGER, place="0020")


def becomes_owner(case: ReviewCase, person: Person) -> None:
    Client.objects.filter(pk=case.project.client_id).update(owner=person)


def becomes_co_manager(case: ReviewCase, person: Person) -> None:
    co_manager_add(client=case.project.client, person=person, by=cast_member("owner"))


def declares_a_conflict_elsewhere(case: ReviewCase, person: Person) -> None:
    declare(submit(make_project(case.project.client)), person, conflict=True)


def recuses(case: ReviewCase, person: Person) -> None:
    declare(case, person, conflict=True)


def loses_the_accounts(case: ReviewCase, person: Person) -> None:
    Account.objects.filter(person=person).update(is_active=False)


def leaves(case: ReviewCase, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


def loses_the_role(case: ReviewCase, person: Person) -> None:
    RoleGrant.objects.filter(person=person, role=Role.INITIAL_REVIEWER).update(
        valid_from=YESTERDAY, valid_until=YESTERDAY
    )


@pytest.mark.parametrize(
    "tie",
    [
        becomes_owner,
        becomes_co_manager,
        declares_a_conflict_elsewhere,
        recuses,
        loses_the_accounts,
        leaves,
        loses_the_role,
    ],
)
def test_what_comes_up_after_the_submission_takes_the_decision_away(tie: Tie) -> None:
    person = helper()
    case = submit(make_project())
    assert may_decide(case, person)
    tie(case, person)
    assert not may_decide(case, person)
    case.refresh_from_db()
    with pytest.raises((NotPermitted, NotVisible)):
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=fresh(person))


def test_a_co_manager_named_after_the_submission_may_not_decide() -> None:
    person = helper()
    case = submit(make_project())
    declare(case, person)
    becomes_co_manager(case, person)
    with pytest.raises(NotPermitted):
        decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=fresh(person))
    assert "经办" in reason_for(case, person)


def test_who_co_managed_the_client_until_before_may_decide() -> None:
    person = helper()
    case = submit(make_project())
    becomes_co_manager(case, person)
    ClientGrant.objects.filter(user__person=person, permission__codename="change_client").update(
        valid_until=clock.now() - timedelta(seconds=1)
    )
    assert may_decide(case, person)


def test_who_co_managed_the_client_at_the_submission_stays_a_maker() -> None:
    person, project = helper(), make_project()
    co_manager_add(client=project.client, person=person, by=cast_member("owner"))
    case = submit(project)
    ClientGrant.objects.filter(user__person=person, permission__codename="change_client").delete()
    assert not may_decide(case, person)
    assert ReviewSeat.objects.get(case=case, person=person).stage == "maker"


def test_a_conflict_counts_through_the_look_back_and_a_recusal_for_good() -> None:
    person, recused = helper(), helper("洪亦舟")
    case = submit(make_project())
    declares_a_conflict_elsewhere(case, person)
    recuses(case, recused)
    last = add_months(clock.today(), read_lookback_months())
    with clock.at(last - timedelta(days=1)):
        assert not may_decide(case, person)
    with clock.at(last + timedelta(days=1)):
        assert may_decide(case, person)
        assert not may_decide(case, recused)
        assert "回避" in reason_for(case, recused)


def below(code: str) -> Department:
    """A department below that of the code."""
    return department_create(code="0071", name="客户一部业务一组", parent=department(code), by=SYSTEM)


def moves_the_client(case: ReviewCase, place: Department) -> None:
    Client.objects.filter(pk=case.project.client_id).update(department=place)


def moves_the_owner(case: ReviewCase, place: Department) -> None:
    Person.objects.filter(pk=case.project.client.owner_id).update(department=place)


@pytest.mark.parametrize("move", [moves_the_client, moves_the_owner])
def test_the_recheck_is_independent_of_each_department_the_case_has_to_do_with(
    move: Callable[[ReviewCase, Department], None],
) -> None:
    """Of the client's, of its account manager's; `0010` keeps the deal, which does not move."""
    near = make_person("近邻", Role.RECHECK_REVIEWER, place="0020")
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    assert may_decide(case, near)
    move(case, near.department)
    assert not may_decide(case, near)


def test_the_recheck_is_independent_of_the_department_the_deal_was_filed_in() -> None:
    near = make_person("近邻", Role.RECHECK_REVIEWER, place="0010")
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    moves_the_client(case, department("0020"))
    moves_the_owner(case, department("0020"))
    assert not may_decide(case, near)


def test_a_group_below_the_department_is_not_independent_of_it_and_one_beside_it_is() -> None:
    group = make_person("小组", Role.RECHECK_REVIEWER, place="0010", account=True)
    Person.objects.filter(pk=group.pk).update(department=below("0010"))
    beside = make_person("旁边", Role.RECHECK_REVIEWER, place="0030")
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    assert (may_decide(case, group), may_decide(case, beside)) == (False, True)


def at_the_final_stage(amount: str = "80000000.00", client: Client | None = None) -> ReviewCase:
    case = submit(make_project(client, amount=Decimal(amount)))
    decide(case, cast_member("initial_reviewer"))
    decide(case, cast_member("recheck_reviewer"))
    return case


def test_the_final_approval_takes_the_level_and_not_one_below() -> None:
    low = make_person("低权", Role.FINAL_APPROVER, place="0001", level=1)
    case = at_the_final_stage()
    assert case.required_level == 2
    assert (may_decide(case, low), may_decide(case, cast_member("final_approver"))) == (False, True)


def test_a_level_that_has_ended_approves_nothing() -> None:
    case, approver = at_the_final_stage(), cast_member("final_approver")
    RoleGrant.objects.filter(person=approver).update(valid_from=YESTERDAY, valid_until=YESTERDAY)
    assert not may_decide(case, approver)


def test_a_final_approver_below_a_level_that_has_risen_does_not_approve() -> None:
    """Each deal alone is within the level of the department; both together are not."""
    low, client = make_person("低权", Role.FINAL_APPROVER, place="0001", level=1), make_client(cast_member("owner"))
    first, second = (at_the_final_stage("15000000.00", client) for _ in range(2))
    assert (first.required_level, second.required_level) == (1, 1)
    decide(first, low)
    with pytest.raises(RuleRefused) as refused:
        decide(second, low)
    assert refused.value.code == "authority_risen"
    decide(second, cast_member("final_approver"))
    assert second.status == "approved"


def test_an_escalated_level_stays_when_the_same_dossier_comes_again() -> None:
    low = make_person("低权", Role.FINAL_APPROVER, place="0001", level=1)
    case = at_the_final_stage("15000000.00")
    decide(case, low, "escalate")
    decide(case, cast_member("final_approver"), "return", target_stage="final")
    again = submit(case.project)
    assert (again.stage, again.required_level) == ("final", 2)
    assert not may_decide(again, low)


def test_only_who_works_on_the_deal_withdraws_and_only_they_or_the_head_above_remind() -> None:
    case = submit(make_project())
    beside = make_person("二部主管", Role.DEPARTMENT_HEAD, place="0020")
    above = make_person("总部主管", Role.DEPARTMENT_HEAD, place="0001")
    owner, assistant, head = (cast_member(part) for part in ("owner", "assistant", "head"))
    everybody = [owner, assistant, head, above, beside, cast_member("initial_reviewer"), cast_member("auditor")]
    case = ReviewCase.objects.select_related("project__client__department").get(pk=case.pk)
    assert [person for person in everybody if may(fresh(person), "withdraw", case)] == [owner, assistant]
    assert [person for person in everybody if may(fresh(person), "nudge", case)] == [owner, assistant, head, above]
