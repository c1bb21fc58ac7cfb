"""The due-diligence report is signed by both investigators, each once per version, under the hash of its file."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.kernel.access.errors import Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for, browser_for
from projects.deals import services
from projects.deals.models import ProjectDocument
from projects.deals.signatures import ReportSignature
from projects.deals.tests.factories import DocumentFactory, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(owner: Person, assistant: Person) -> ProjectDocument:
    """The report of a deal that 林晓雯 leads and 邓思琪 assists in."""
    document: ProjectDocument = DocumentFactory(kind="investigation", title="尽职调查报告")
    return document


def sign(document: ProjectDocument, by: Person, sha256: str = "") -> ReportSignature:
    return services.report_sign(document=document, sha256=sha256 or document.file.sha256, by=by)


def test_each_investigator_signs_once_under_the_hash_of_the_file(
    report: ProjectDocument, owner: Person, assistant: Person
) -> None:
    sign(report, owner)
    with pytest.raises(Conflict):
        sign(report, owner)
    sign(report, assistant)
    rows = ReportSignature.objects.order_by("pk").values_list("person_name", "sha256")
    assert list(rows) == [("林晓雯", report.file.sha256), ("邓思琪", report.file.sha256)]
    assert AuditEvent.objects.filter(action="project.report_signed").count() == 2


def test_nobody_but_the_two_signs_and_nobody_for_another(
    report: ProjectDocument, head: Person, stranger: Person, colleague: Person
) -> None:
    with pytest.raises(NotPermitted):
        sign(report, head)
    for person in (stranger, colleague):
        with pytest.raises(NotVisible):
            sign(report, person)
    assert not ReportSignature.objects.exists()


def test_another_file_a_replaced_version_and_another_kind_are_refused(report: ProjectDocument, owner: Person) -> None:
    with pytest.raises(Conflict) as refused:
        sign(report, owner, "0" * 64)
    assert refused.value.code == "other_file"
    upload = text_file("尽职调查报告.txt", "第二版")
    newer = services.document_add(
        project=report.project, upload=upload, kind="investigation", by=owner, replaces=report
    )
    with pytest.raises(Conflict) as refused:
        sign(report, owner)
    assert refused.value.code == "removed"
    assert not newer.signatures.exists()
    with pytest.raises(RuleRefused):
        sign(DocumentFactory(project=report.project), owner)


def test_a_deal_under_review_takes_no_signature(report: ProjectDocument, owner: Person) -> None:
    services.project_lock(project=report.project, case_number="SC-2026-0007", by=owner)
    with pytest.raises(Conflict) as refused:
        sign(report, owner)
    assert refused.value.code == "locked_by_review"


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"sha256": "0" * 64}, "under_the_report"),
        ({"document": "other"}, "under_the_report"),
        ({"person": "colleague"}, "by_an_investigator"),
    ],
)
def test_the_database_refuses_a_signature_that_is_none(
    report: ProjectDocument, owner: Person, colleague: Person, changes: dict[str, str], constraint: str
) -> None:
    values: dict[str, Any] = {"document": report, "person": owner, "sha256": report.file.sha256}
    others = {"other": DocumentFactory(project=report.project), "colleague": colleague}
    values |= {name: others.get(value, value) for name, value in changes.items()}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ReportSignature.objects.create(project=report.project, person_name="某人", **values)
    assert refused.value.__cause__.diag.constraint_name == f"projects_reportsignature_{constraint}"  # type: ignore[union-attr]


def test_page_and_api_sign_through_the_same_service(report: ProjectDocument, owner: Person, assistant: Person) -> None:
    page = f"/projects/documents/{report.pk}/sign/"
    browser = browser_for(owner)
    assert page in browser.get(report.project.get_absolute_url()).content.decode()
    assert browser.post(page, {"sha256": report.file.sha256}).status_code == 422  # not ticked
    assert browser.post(page, {"sha256": report.file.sha256, "seen": "on"}).status_code == 302
    assert page not in browser.get(report.project.get_absolute_url()).content.decode()
    address = f"/api/v1/project-documents/{report.pk}/sign/"
    answer = api_for(assistant).post(address, {"sha256": report.file.sha256}, format="json")
    assert answer.status_code == 201, answer.data
    assert answer.data["person_name"] == "邓思琪"
    assert api_for(assistant).post(address, {"sha256": report.file.sha256}, format="json").status_code == 409
