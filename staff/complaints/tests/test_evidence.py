"""Evidence files with the public form: the gate of all files, bounded, kept for good, read by who sees the case."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from crm.kernel.attachments.models import StoredFile
from crm.kernel.audit.models import AuditEvent
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for
from staff.complaints.models import Complaint, ComplaintFile, PublicTry
from staff.complaints.tests.factories import FACTS

pytestmark = pytest.mark.django_db
FORM = "/public/complaints/"
GIVEN = {**FACTS, "demand": "退还多收的评估费", "has_read": "on", "token": "a-form-with-evidence"}


def text_file(name: str = "收费凭证.txt", text: str = "评估费 3,000 元") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def test_a_visitor_sends_evidence_and_the_officer_reads_it(complaints_officer: Person) -> None:
    answer = Browser().post(FORM, {**GIVEN, "evidence": [text_file(), text_file("合同.txt", "借款合同")]})
    assert answer.status_code == 200
    complaint = Complaint.objects.get()
    kept = list(complaint.files.select_related("file"))
    assert [row.file.name for row in kept] == ["收费凭证.txt", "合同.txt"]
    assert {row.file.uploaded_by for row in kept} == {None}
    assert AuditEvent.objects.filter(action="file.stored", person_name="visitor", person_id=None).count() == 2
    browser = browser_for(complaints_officer)
    address = reverse("staff:complaint_evidence", args=[kept[0].pk])
    assert address in browser.get(complaint.get_absolute_url()).content.decode()
    download = browser.get(address)
    assert b"".join(download.streaming_content).decode() == "评估费 3,000 元"  # type: ignore[attr-defined]
    assert AuditEvent.objects.get(action="complaint.evidence_downloaded").subject_id == str(complaint.pk)


def test_nobody_else_reads_it(complaints_officer: Person, stranger: Person) -> None:
    Browser().post(FORM, {**GIVEN, "evidence": [text_file()]})
    address = reverse("staff:complaint_evidence", args=[ComplaintFile.objects.get().pk])
    assert browser_for(stranger).get(address).status_code == 404
    assert Browser().get(address).status_code == 302


def test_the_same_form_with_the_same_files_is_one_complaint_and_with_others_is_refused(
    complaints_officer: Person,
) -> None:
    assert Browser().post(FORM, {**GIVEN, "evidence": [text_file()]}).status_code == 200
    assert Browser().post(FORM, {**GIVEN, "evidence": [text_file()]}).status_code == 200
    assert Browser().post(FORM, {**GIVEN, "evidence": [text_file(text="另一份凭证")]}).status_code == 422
    assert (Complaint.objects.count(), ComplaintFile.objects.count()) == (1, 1)


def test_a_trap_too_many_or_too_large_files_are_refused_beside_the_field_and_nothing_is_kept(
    complaints_officer: Person,
) -> None:
    bounds = parameters.value("complaint.evidence").value
    trap = SimpleUploadedFile("收据.pdf", b"MZ\x90\x00 program", content_type="application/pdf")
    many = [text_file(f"{number}.txt", str(number)) for number in range(bounds["files"] + 1)]
    large = [SimpleUploadedFile("a.txt", b"x" * (bounds["bytes"] + 1))]
    for files, status in ((([text_file(), trap]), 400), (many, 400), (large, 413)):
        answer = Browser().post(FORM, {**GIVEN, "evidence": files})
        assert answer.status_code == status
        if "form" in (answer.context or {}):
            assert "evidence" in answer.context["form"].errors
    assert not Complaint.objects.exists()
    assert not StoredFile.objects.exists()
    assert Browser().post(FORM, {**GIVEN, "evidence": [text_file()]}).status_code == 200


def test_bad_files_count_although_nothing_is_filed(complaints_officer: Person) -> None:
    most = parameters.value("complaint.uploads_per_hour").value
    trap = {"evidence": [SimpleUploadedFile("收据.pdf", b"no pdf", content_type="application/pdf")]}
    for number in range(most):
        assert Browser().post(FORM, {**GIVEN, "token": f"token-{number}", **trap}).status_code == 400
    assert PublicTry.objects.filter(what="upload").count() == most
    assert Browser().post(FORM, {**GIVEN, "evidence": [text_file()]}).status_code == 429
    assert Browser().post(FORM, GIVEN).status_code == 200, "without files it is taken all the same"


def test_evidence_is_never_changed_nor_removed(complaints_officer: Person) -> None:
    Browser().post(FORM, {**GIVEN, "evidence": [text_file()]})
    for change in ("UPDATE staff_complaintfile SET added_at = now()", "DELETE FROM staff_complaintfile"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
