"""The application role itself, with raw SQL, cannot change a deal that a review holds or has decided (trust row 16).

Each statement runs on a connection of the application role and is rolled back; a test collects those that went through.
"""

from collections.abc import Iterator
from threading import Thread

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction

from crm.kernel.people.models import Person
from projects.deals import services
from projects.deals.models import Project
from projects.deals.tests.factories import DocumentFactory, ProjectFactory, text_file
from projects.deals.tests.test_lock import held

pytestmark = pytest.mark.django_db(transaction=True)


class Application:
    """A connection as the running application has it."""

    def __init__(self) -> None:
        address = settings.APP_DATABASE_URL.rpartition("/")[0]
        self.connection = psycopg2.connect(f"{address}/{connection.settings_dict['NAME']}")

    def does(self, statement: str) -> bool:
        """Whether the database let `statement` through. Nothing of it stays."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.rowcount != 0
        except psycopg2.Error:
            return False
        finally:
            self.connection.rollback()


@pytest.fixture
def application(transactional_db: None) -> Iterator[Application]:
    opened = Application()
    yield opened
    opened.connection.close()


CONTENT = {
    "terms_version": "2",
    "client_id": "client_id + 1",
    "name": "name || '!'",
    "product": "'P04'",
    "sector": "'other'",
    "amount": "amount + 1",
    "currency": "'USD'",
    "term_months": "term_months + 1",
    "secured": "NOT secured",
    "purpose": "purpose || '!'",
    "total_investment": "total_investment + 1",
    "capital": "capital - 1",
    "capital_know_how": "coalesce(capital_know_how, 0) + 1",
    "capital_instruments": "coalesce(capital_instruments, 0) + 1",
    "capital_not_counted": "coalesce(capital_not_counted, 0) + 1",
    "other_sources": "coalesce(other_sources, 0) + 1",
    "short_board_points": "coalesce(short_board_points, 0) + 1",
    "short_board_reason": "coalesce(short_board_reason, '') || '!'",
    "approval_kind": "CASE WHEN approval_kind = 'filing' THEN 'approval' ELSE 'filing' END",
    "approval_no": "coalesce(approval_no, '') || '!'",
    "approval_date": "coalesce(approval_date, current_date) - 1",
    "rate_kind": "CASE WHEN rate_kind = 'fixed' THEN 'lpr1' ELSE 'fixed' END",
    "rate_spread_bp": "coalesce(rate_spread_bp, 0) + 1",
    "rate_fixed": "coalesce(rate_fixed, 0) + 0.0001",
    "repayment": "CASE WHEN repayment = 'level' THEN 'bullet' ELSE 'level' END",
    "security_kinds": "array_append(coalesce(security_kinds, '{}'), 'pledge')",
    "is_fully_margined": "NOT coalesce(is_fully_margined, false)",
    "draw_months": "coalesce(draw_months, 0) + 1",
    "validity_months": "coalesce(validity_months, 0) + 1",
    "term_reason": "coalesce(term_reason, '') || '!'",
    "sector_reason": "coalesce(sector_reason, '') || '!'",
    "owner_id": "owner_id + 1",
    "department_id": "department_id + 1",
    "created_by_id": "created_by_id + 1",
    "created_at": "created_at - interval '1 day'",
}
STATE = {
    "status", "locked_by_review", "review_stage", "waiting_for", "waiting_since", "due_on", "decided_on",
    "approved_amount", "approved_term_months", "approved_draw_months", "valid_until", "contracted_on",
    "lapsed_on", "version", "updated_at", "id", "grams", "name_pinyin", "sounds",
}  # fmt: skip
FREED = "status = 'returned', locked_by_review = '', review_stage = ''"
ADDED_DOCUMENT = (
    "INSERT INTO projects_projectdocument (project_id, kind, title, file_id, added_by_id, added_at) "
    "SELECT project_id, kind, 'x', file_id, added_by_id, added_at FROM projects_projectdocument"
)
ADDED_INVESTIGATOR = (
    "INSERT INTO projects_investigator (project_id, person_id, part) SELECT p.id, k.id, 'assistant' "
    "FROM projects_project p, kernel_person k WHERE k.id <> p.owner_id"
)
ON_A_HELD_DEAL = [
    "DELETE FROM projects_project",
    "UPDATE projects_project SET status = 'draft', locked_by_review = '', review_stage = ''",
    "UPDATE projects_project SET locked_by_review = ''",
    "DELETE FROM projects_investigator",
    "UPDATE projects_investigator SET person_id = person_id + 1",
    ADDED_INVESTIGATOR,
    "DELETE FROM projects_projectdocument",
    "UPDATE projects_projectdocument SET title = 'x'",
    "UPDATE projects_projectdocument SET removed_at = now(), removed_by_id = added_by_id",
    ADDED_DOCUMENT,
    "DELETE FROM projects_projecteditor",
    "UPDATE projects_projecteditor SET person_id = person_id + 1",
    "ALTER TABLE projects_project DISABLE TRIGGER guard_content",
    "TRUNCATE projects_investigator",
    "SET session_replication_role = replica",
]
ON_AN_APPROVAL = [
    "UPDATE projects_project SET amount = amount + 1",
    "UPDATE projects_project SET status = 'draft', decided_on = NULL",
    "UPDATE projects_project SET status = 'rejected'",
    "UPDATE projects_project SET approved_amount = approved_amount * 2",
    "UPDATE projects_project SET approved_term_months = approved_term_months - 1",
    "UPDATE projects_project SET approved_draw_months = 1",
    "UPDATE projects_project SET terms_version = 2",
    "UPDATE projects_project SET terms_version = 2, amount = amount + 1",
    "UPDATE projects_project SET terms_version = 3, term_months = term_months + 1",
    "UPDATE projects_project SET valid_until = current_date",
    "UPDATE projects_project SET status = 'in_review', decided_on = NULL, locked_by_review = 'x', "
    "review_stage = 'final'",
    "UPDATE projects_project SET decided_on = decided_on - 1",
    "DELETE FROM projects_investigator",
    ADDED_DOCUMENT,
]


def test_every_column_of_a_deal_is_either_content_or_state() -> None:
    assert {field.column for field in Project._meta.concrete_fields} == set(CONTENT) | STATE


def test_no_column_of_a_held_deal_changes(application: Application) -> None:
    held()
    plain = [f"UPDATE projects_project SET {column} = {value}" for column, value in CONTENT.items()]
    freeing = [f"{statement}, {FREED}" for statement in plain]
    assert [statement for statement in plain + freeing if application.does(statement)] == []


def test_nothing_that_hangs_on_a_held_deal_changes(application: Application, colleague: Person) -> None:
    held(assistant=None)
    assert [statement for statement in ON_A_HELD_DEAL if application.does(statement)] == []


def test_an_approval_is_not_rewritten(application: Application) -> None:
    project = held()
    services.project_record_decision(project=project, outcome="approved", by=project.owner)
    assert [statement for statement in ON_AN_APPROVAL if application.does(statement)] == []


def test_a_free_deal_is_written_but_neither_approved_nor_its_evidence_exchanged(
    application: Application, colleague: Person
) -> None:
    document = DocumentFactory(project=ProjectFactory(assistant=None))
    other = DocumentFactory(project=document.project, upload=text_file(text="另一份"))
    # The control: these go through, so a refusal elsewhere is the guard's.
    for statement in ("UPDATE projects_project SET amount = amount + 1", ADDED_DOCUMENT, ADDED_INVESTIGATOR):
        assert application.does(statement), statement
    for statement in (
        "UPDATE projects_project SET status = 'approved', decided_on = now()",
        "DELETE FROM projects_projectdocument",
        f"UPDATE projects_projectdocument SET file_id = {other.file_id} WHERE id = {document.pk}",
    ):
        assert not application.does(statement), statement
    services.document_remove(document=document, expected_version=3, by=document.project.owner)
    back = "UPDATE projects_projectdocument SET removed_at = NULL, removed_by_id = NULL WHERE removed_at IS NOT NULL"
    assert not application.does(back)


def test_a_document_that_races_the_lock_waits_for_it_and_is_refused(application: Application) -> None:
    document = DocumentFactory()
    answers: list[bool] = []
    racing = Thread(target=lambda: answers.append(application.does(ADDED_DOCUMENT)))
    with transaction.atomic():
        services.project_lock(project=document.project, case_number="SC-2026-0001", by=document.project.owner)
        racing.start()
        racing.join(timeout=0.5)
        assert racing.is_alive(), "the insert did not wait for the lock being taken"
    racing.join(timeout=120)
    assert answers == [False]
