"""What the deal's services promise: shape and rules of input, who may write, versions, makers."""

from decimal import Decimal
from typing import Any

import pytest

from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import (
    BadInput,
    DomainError,
    NotPermitted,
    NotVisible,
    PreconditionRequired,
    RuleRefused,
    Stale,
)
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from projects.deals import selectors, services
from projects.deals.models import Project
from projects.deals.tests.factories import DocumentFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def test_a_project_takes_owner_and_department_from_its_client(owner: Person, assistant: Person) -> None:
    project = ProjectFactory()
    assert (project.owner_id, project.department_id) == (owner.pk, owner.department_id)
    assert project.status == Project.Status.DRAFT
    assert {row.part: row.person_id for row in project.investigators.all()} == {
        "lead": owner.pk,
        "assistant": assistant.pk,
    }
    event = AuditEvent.objects.get(action="project.created")
    assert event.subject_id == str(project.pk)
    assert event.after["amount"] == "80000000.00"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", Decimal("-1")),
        ("amount", Decimal("0")),
        ("amount", Decimal("1" * 30)),
        ("amount", Decimal("NaN")),
        ("amount", Decimal("Infinity")),
        ("amount", Decimal("1.005")),
        ("amount", "abc"),
        ("amount", [1]),
        ("amount", None),
        ("total_investment", Decimal("-0.01")),
        ("capital", Decimal("-5")),
        ("term_months", 0),
        ("term_months", 601),
        ("term_months", -12),
        ("term_months", 10**30),
        ("product", "P99"),
        ("sector", "fishing"),
        ("sector", ""),
        ("currency", "XXX"),
        ("name", ""),
        ("name", "   "),
        ("name", "长" * 121),
        ("name", "a" * 1_000_000),
        ("name", "项目\x00"),
        ("name", "项目\ud800"),
        ("purpose", "用" * 1_000_000),
        ("purpose", "用途\x00"),
        ("secured", "perhaps"),
        ("secured", None),
        ("status", "approved"),
        ("locked_by_review", "SC-2026-0001"),
        ("owner", 1),
        ("anything", 1),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(field: str, value: Any) -> None:
    project = ProjectFactory()
    before = Project.objects.values().get()
    with pytest.raises((BadInput, RuleRefused)) as refused:
        services.project_update(project=project, expected_version=1, by=project.owner, **{field: value})
    assert list(refused.value.errors) == [field]
    assert all(str(text) for text in refused.value.errors[field])
    assert Project.objects.values().get() == before


def test_all_wrong_fields_are_named_at_once(owner: Person) -> None:
    with pytest.raises(BadInput) as refused:
        ProjectFactory(amount=Decimal("-1"), product="P99", term_months=0)
    assert set(refused.value.errors) == {"amount", "product", "term_months"}
    assert not Project.objects.exists()


def test_capital_above_total_investment_is_refused_also_against_what_is_stored() -> None:
    with pytest.raises(RuleRefused) as refused:
        ProjectFactory(total_investment=Decimal("100"), capital=Decimal("100.01"))
    assert list(refused.value.errors) == ["capital"]
    project = ProjectFactory()
    with pytest.raises(RuleRefused):
        services.project_update(
            project=project, expected_version=1, by=project.owner, total_investment=Decimal("29999999.99")
        )


def test_a_missing_field_is_named(owner: Person) -> None:
    with pytest.raises(BadInput) as refused:
        services.project_create(client=ClientFactory(), by=owner, name="只有名称")
    assert set(refused.value.errors) == {"product", "sector", "amount", "term_months", "secured"}


def test_a_stale_version_is_refused_and_a_missing_one_asked_for() -> None:
    project = ProjectFactory()
    services.project_update(project=project, expected_version=1, by=project.owner, name="新名称")
    with pytest.raises(Stale):
        services.project_update(project=project, expected_version=1, by=project.owner, name="旧表单")
    with pytest.raises(PreconditionRequired):
        services.project_update(project=project, expected_version=None, by=project.owner, name="没有版本")
    project.refresh_from_db()
    assert (project.name, project.version) == ("新名称", 2)


def test_an_edit_that_changes_nothing_counts_no_version() -> None:
    project = ProjectFactory()
    services.project_update(project=project, expected_version=1, by=project.owner, name=project.name)
    project.refresh_from_db()
    assert project.version == 1


class TestWho:
    def test_a_stranger_gets_404_for_a_foreign_project(self, stranger: Person) -> None:
        project = ProjectFactory()
        with pytest.raises(NotVisible):
            services.project_update(project=project, expected_version=1, by=stranger, name="别人的")

    def test_a_colleague_of_the_department_sees_nothing_either(self, colleague: Person) -> None:
        ProjectFactory()
        assert not selectors.project_list(viewer=colleague).exists()

    def test_the_head_reads_the_department_and_writes_nothing(self, head: Person) -> None:
        project = ProjectFactory()
        assert selectors.project_list(viewer=head).get() == project
        with pytest.raises(NotPermitted):
            services.project_update(project=project, expected_version=1, by=head, name="代改")

    def test_the_auditor_reads_all_and_writes_nothing(self, auditor: Person) -> None:
        project = ProjectFactory()
        assert selectors.project_list(viewer=auditor).get() == project
        with pytest.raises(NotPermitted):
            services.project_update(project=project, expected_version=1, by=auditor, name="代改")
        with pytest.raises(NotPermitted):
            ProjectFactory(by=auditor, client=project.client)

    def test_an_assessor_sees_the_client_but_not_its_projects(self, risk_assessor: Person) -> None:
        ProjectFactory()
        assert not selectors.project_list(viewer=risk_assessor).exists()

    def test_both_investigators_work_on_the_project(self, assistant: Person, colleague: Person) -> None:
        project = ProjectFactory(lead=colleague)
        for number, person in enumerate((assistant, colleague), start=1):
            services.project_update(project=project, expected_version=number, by=person, name=f"改{number}")
        project.refresh_from_db()
        assert project.version == 3

    def test_who_is_taken_off_the_investigation_loses_the_project(self, assistant: Person, colleague: Person) -> None:
        project = ProjectFactory()
        services.investigators_set(
            project=project, lead=project.owner, assistant=colleague, expected_version=1, by=project.owner
        )
        assert not selectors.project_list(viewer=assistant).exists()

    def test_a_co_manager_of_the_client_works_on_its_projects(self, owner: Person, colleague: Person) -> None:
        client = ClientFactory()
        co_manager_add(client=client, person=colleague, by=owner)
        project = ProjectFactory(client=client)
        services.project_update(project=project, expected_version=1, by=colleague, name="协办改名")
        assert ProjectFactory(client=client, by=colleague).owner == owner

    def test_nobody_files_a_project_for_a_foreign_client(self, owner: Person, stranger: Person) -> None:
        client = ClientFactory()
        with pytest.raises(DomainError) as refused:
            ProjectFactory(client=client, by=stranger)
        assert refused.value.status == 404
        assert not Project.objects.exists()


class TestInvestigators:
    def test_they_are_two_different_people(self, owner: Person) -> None:
        with pytest.raises(RuleRefused) as refused:
            ProjectFactory(lead=owner, assistant=owner)
        assert list(refused.value.errors) == ["assistant"]

    def test_each_holds_a_fitting_role(self, auditor: Person, risk_assessor: Person) -> None:
        with pytest.raises(RuleRefused) as refused:
            ProjectFactory(lead=risk_assessor, assistant=auditor)
        assert set(refused.value.errors) == {"lead", "assistant"}

    def test_who_left_is_no_investigator(self, colleague: Person) -> None:
        colleague.is_active = False
        colleague.save(update_fields=["is_active"])
        with pytest.raises(RuleRefused) as refused:
            ProjectFactory(assistant=colleague)
        assert "高翔宇" in str(refused.value.errors["assistant"][0])

    def test_one_part_may_stay_open_until_submission(self, owner: Person) -> None:
        project = ProjectFactory(assistant=None)
        assert [row.part for row in project.investigators.all()] == ["lead"]


def test_everyone_who_wrote_stays_a_maker(assistant: Person, owner: Person, colleague: Person) -> None:
    project = ProjectFactory()
    services.project_update(project=project, expected_version=1, by=assistant, name="协办改过")
    services.investigators_set(project=project, lead=owner, assistant=colleague, expected_version=2, by=owner)
    DocumentFactory(project=project, by=colleague)
    assert [person.name for person in selectors.editors_of(project)] == ["林晓雯", "邓思琪", "高翔宇"]


def test_the_board_counts_sums_and_marks_what_is_late(owner: Person) -> None:
    ProjectFactory.create_batch(2)
    ProjectFactory(currency="USD", amount=Decimal("1000000"))
    columns = {column.key: column for column in selectors.board(selectors.project_list(viewer=owner))}
    assert list(columns) == ["draft", "initial", "recheck", "final", "approved"]
    draft = columns["draft"]
    assert (draft.count, draft.total, draft.foreign, draft.late) == (3, Decimal("160000000.00"), 1, 0)
    assert len(draft.cards) == 3
