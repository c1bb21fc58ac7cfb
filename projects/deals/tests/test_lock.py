"""While a review holds a deal nothing of it changes: through any service (trust row 16)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.kernel.access.errors import Conflict, DomainError
from crm.kernel.people.models import Person
from projects.deals import services
from projects.deals.models import Project
from projects.deals.tests.factories import DocumentFactory, ProjectFactory, text_file

pytestmark = pytest.mark.django_db
CASE = "SC-2026-0001"


def held(**kwargs: Any) -> Project:
    """A project with a document, under review."""
    project = ProjectFactory(**kwargs)
    DocumentFactory(project=project)
    return services.project_lock(project=project, case_number=CASE, by=project.owner)


WRITES: dict[str, Callable[[Project, Person], object]] = {
    "update": lambda project, by: services.project_update(
        project=project, expected_version=project.version, by=by, amount=Decimal("1")
    ),
    "investigators": lambda project, by: services.investigators_set(
        project=project, lead=by, assistant=None, expected_version=project.version, by=by
    ),
    "document_add": lambda project, by: services.document_add(project=project, upload=text_file(), kind="other", by=by),
    "document_remove": lambda project, by: services.document_remove(
        document=project.documents.get(), expected_version=project.version, by=by
    ),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_locked_deal_refuses_every_write_and_names_the_case(write: str) -> None:
    project = held()
    with pytest.raises(Conflict) as refused:
        WRITES[write](project, project.owner)
    assert refused.value.status == 409
    assert CASE in str(refused.value.message)


def test_a_file_is_examined_before_its_deal_is_held() -> None:
    project = ProjectFactory()
    with CaptureQueriesContext(connection) as queries:
        services.document_add(project=project, upload=text_file(), kind="other", by=project.owner)
    said = [query["sql"] for query in queries]
    stored = next(number for number, sql in enumerate(said) if 'INSERT INTO "kernel_storedfile"' in sql)
    held_at = next(number for number, sql in enumerate(said) if "FOR UPDATE" in sql and "projects_project" in sql)
    assert stored < held_at


def test_a_file_for_a_deal_that_is_closed_is_not_even_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    project = held()
    monkeypatch.setattr("projects.deals.services.deals.file_store", lambda **_: pytest.fail("examined"))
    with pytest.raises(Conflict):
        services.document_add(project=project, upload=text_file(), kind="other", by=project.owner)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("outcome", ["approved", "rejected"])
def test_a_decided_deal_refuses_every_write(write: str, outcome: str) -> None:
    project = services.project_record_decision(project=held(), outcome=outcome, by=held().owner)
    if (outcome, write) == ("rejected", "document_add"):
        # New facts, on which a re-hearing can rest; what was decided on keeps its own list of documents.
        WRITES[write](project, project.owner)
        return
    with pytest.raises(Conflict):
        WRITES[write](project, project.owner)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("outcome", ["returned", "withdrawn"])
def test_a_return_or_a_withdrawal_frees_the_deal(write: str, outcome: str) -> None:
    project = held()
    project = services.project_record_decision(project=project, outcome=outcome, by=project.owner)
    WRITES[write](project, project.owner)
    project.refresh_from_db()
    assert project.locked_by_review == ""


def test_a_form_opened_before_the_review_is_stale_after_the_return() -> None:
    project = ProjectFactory()
    services.project_lock(project=project, case_number=CASE, by=project.owner)
    services.project_record_decision(project=project, outcome="returned", by=project.owner)
    with pytest.raises(DomainError) as refused:
        services.project_update(project=project, expected_version=1, by=project.owner, name="旧表单")
    assert refused.value.status == 412


def test_a_second_case_cannot_take_the_lock() -> None:
    project = held()
    with pytest.raises(Conflict) as refused:
        services.project_lock(project=project, case_number="SC-2026-0002", by=project.owner)
    assert CASE in str(refused.value.message)


def test_the_review_tells_stage_and_deadline_and_its_end_clears_them() -> None:
    project = held()
    services.project_review_progress(
        project=project, stage="recheck", due_on=date(2026, 12, 1), waiting_for=["沈若岚"], by=project.owner
    )
    project.refresh_from_db()
    assert (project.review_stage, project.waiting_for) == ("recheck", ["沈若岚"])
    project = services.project_record_decision(project=project, outcome="approved", by=project.owner)
    assert (project.review_stage, project.waiting_for, project.due_on) == ("", [], None)
    assert project.approved_amount == project.amount
    assert project.decided_on is not None


def test_a_free_deal_takes_no_progress_and_no_decision() -> None:
    project = ProjectFactory()
    with pytest.raises(Conflict), transaction.atomic():
        services.project_review_progress(project=project, stage="final", due_on=None, waiting_for=[], by=project.owner)
    with pytest.raises(Conflict), transaction.atomic():
        services.project_record_decision(project=project, outcome="approved", by=project.owner)
