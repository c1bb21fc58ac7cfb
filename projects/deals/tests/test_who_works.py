"""Each act on a project, and who may do it: one line for each person, asked of the row and of the list of rows."""

import pytest

from clients.file.services import co_manager_add
from crm.kernel.access.checks import may
from crm.kernel.access.grants import set_grants
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person
from projects.deals.models import Project, ProjectDocument, ProjectGrant
from projects.deals.policies import SIGN
from projects.deals.tests.factories import ProjectFactory, attach_papers

pytestmark = pytest.mark.django_db
ACTS = ("view", "change", "submit", "withdraw")


def acts_of(person: Person, project: Project) -> set[str]:
    """What the person may do; the list of rows says the same as the row."""
    person = Person.objects.get(pk=person.pk)
    listed = {act for act in ACTS if Project.objects.visible_to(person, act).filter(pk=project.pk).exists()}
    assert {act for act in ACTS if act in listed and may(person, act, project)} == listed
    return listed


@pytest.mark.parametrize(
    ("part", "acts"),
    [
        ("owner", {"view", "change", "submit", "withdraw"}),
        ("assistant", {"view", "change", "submit"}),
        ("head", {"view"}),
        ("auditor", {"view"}),
        ("colleague", set()),
        ("stranger", set()),
        ("risk_assessor", set()),
        ("initial_reviewer", set()),
        ("final_approver", set()),
        ("system_admin", set()),
    ],
)
def test_each_part_does_what_is_its_own(part: str, acts: set[str]) -> None:
    assert acts_of(cast_member(part), ProjectFactory(assistant=cast_member("assistant"))) == acts


def test_a_co_manager_of_the_client_works_on_its_projects_and_ends_none() -> None:
    project, colleague = ProjectFactory(), cast_member("colleague")
    co_manager_add(client=project.client, person=colleague, by=cast_member("owner"))
    assert acts_of(colleague, project) == {"view", "change", "submit"}


def test_a_head_of_another_department_sees_nothing() -> None:
    assert acts_of(make_person("二部主管", Role.DEPARTMENT_HEAD, place="0020"), ProjectFactory()) == set()


def test_an_investigator_without_a_role_of_the_department_has_lost_the_project() -> None:
    assistant = cast_member("assistant")
    project = ProjectFactory(assistant=assistant)
    RoleGrant.objects.filter(person=assistant).update(role=Role.BACK_OFFICE)
    assert acts_of(assistant, project) == set()


def test_what_a_review_lets_somebody_see_ends_with_the_last_deciding_role() -> None:
    project, reviewer = ProjectFactory(), cast_member("initial_reviewer")
    given = {"action": "view", "person_ids": [reviewer.pk], "reason": "审查", "by": SYSTEM}
    set_grants(ProjectGrant, project, source="review:SC-2026-0001", **given)
    assert acts_of(reviewer, project) == {"view"}
    RoleGrant.objects.filter(person=reviewer).update(role=Role.BACK_OFFICE)
    assert acts_of(reviewer, project) == set()


def test_the_two_investigators_sign_and_no_co_manager_does() -> None:
    owner, assistant, colleague = (cast_member(part) for part in ("owner", "assistant", "colleague"))
    project = ProjectFactory(lead=owner, assistant=assistant)
    co_manager_add(client=project.client, person=colleague, by=owner)
    attach_papers(project, signed=False)
    report = ProjectDocument.objects.get(project=project, kind="investigation")
    for person, signs in ((owner, True), (assistant, True), (colleague, False), (cast_member("head"), False)):
        person = Person.objects.get(pk=person.pk)
        assert bool(may(person, SIGN, report)) is signs
        assert ProjectDocument.objects.visible_to(person, SIGN).filter(pk=report.pk).exists() is signs
