"""What acts left outside of the audit table is verified with the event that recorded it; pages and alarms say so."""

import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.urls import reverse

from crm.home.trail.tests.evidence_meddlings import evidence_trials, switch_triggers_off
from crm.kernel.access.checks import may
from crm.kernel.audit import checking, evidence
from crm.kernel.audit.anchors import read_anchors
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.verify import verify
from crm.kernel.declarations.evidence import EVIDENCE
from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for
from projects.deals.models import Project, ProjectDocument
from projects.deals.services import document_add
from projects.deals.tests.factories import text_file
from risk.identity.models import IdentityChange
from risk.ratings.models import Rating
from risk.reviews.models import Decision, ReviewCase
from risk.reviews.services import review_rehear
from staff.complaints.models import Complaint, ComplaintClaim, ComplaintRecheck
from staff.kpi.models import KpiResult

pytestmark = pytest.mark.django_db
RED = '<div class="band band-bad" role="alert"'
WARNING = "本页有 1 项内容与审计记录中的校验值不符，形成后曾被改动。请勿据此办理，并立即告知审计管理员。"
AUDITOR = "liangyawen"


@dataclass(frozen=True)
class Shown:
    """One row of evidence, the page that shows it to `reader`, and what the table's owner makes of one field."""

    reader: Person
    url: str
    row: Model
    field: str
    change: str

    @property
    def key(self) -> str:
        return evidence.key_of(self.row)

    def page(self) -> str:
        answer = browser_for(self.reader).get(self.url)
        assert answer.status_code == 200, self.url
        return answer.content.decode()

    def meddle(self) -> None:
        self._set(self.change)

    def put_back(self) -> None:
        self._set("%s", getattr(self.row, self.field))

    def _set(self, value: str, *parameters: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.row._meta.db_table} SET {self.field} = {value} WHERE id = %s", [*parameters, self.row.pk]
            )


def hear_again() -> None:
    """The demo's rejected deal is heard again: of this kind of evidence the demo shows none."""
    case = ReviewCase.objects.select_related("project__client__owner").get(status="rejected")
    document = document_add(
        project=case.project, upload=text_file(text="购销合同"), kind="other", by=case.project.client.owner
    )
    heads = Person.objects.filter(role_grants__role="department_head")
    review_rehear(
        case=case,
        new_facts="已签订三年期购销合同，还款来源落实。",
        documents=[document.pk],
        expected_version=case.version,
        by=next(head for head in heads if may(head, "rehear", case)),
    )


def rows_on_pages() -> list[Shown]:
    decision = Decision.objects.filter(case__status="approved").first()
    result = KpiResult.objects.filter(period__closed_at__isnull=False).first()
    rating = Rating.objects.filter(status="confirmed").first()
    complaint = Complaint.objects.filter(replied_at__isnull=False).first()
    project = Project.objects.filter(status="approved", documents__isnull=False).first()
    change = IdentityChange.objects.first()
    claim = ComplaintClaim.objects.filter(is_confirmed=True).first()
    recheck = ComplaintRecheck.objects.exclude(verdict="").first()
    assert decision and result and rating and complaint and project and change and claim and recheck
    document = ProjectDocument.objects.exclude(project=project).order_by("pk")[0]
    owner, file_url = document.project.client.owner, document.project.get_absolute_url()
    rating_url = reverse("risk:rating_confirm", args=[rating.pk])
    return [
        Shown(decision.person, decision.case.get_absolute_url(), decision, "opinion", "opinion || '。'"),
        Shown(result.person, result.get_absolute_url(), result, "points", "points + 1"),
        Shown(rating.entered_by, rating_url, rating, "valid_until", "valid_until + 1"),
        Shown(complaint.responsible, complaint.get_absolute_url(), complaint, "reasons", "reasons || '。'"),
        Shown(project.client.owner, project.get_absolute_url(), project, "approved_amount", "approved_amount - 1"),
        Shown(change.proposed_by, change.get_absolute_url(), change, "reason", "reason || '。'"),
        Shown(claim.claimed_by, claim.complaint.get_absolute_url(), claim, "opinion", "opinion || '。'"),
        Shown(recheck.answered_by, recheck.complaint.get_absolute_url(), recheck, "answer", "answer || '。'"),
        Shown(owner, file_url, document.file, "name", "name || '。'"),
    ]


def verify_audit() -> str:
    """What the command prints."""
    said = io.StringIO()
    try:
        call_command("verify_audit", stdout=said, no_color=True)
    except SystemExit as left:
        said.write(f"exit {left.code}")
    return said.getvalue()


def test_every_mutation_of_evidence_is_found_named_and_told_in_red(demo) -> None:
    hear_again()
    check_every_kind()
    check_pages_and_alarm()


def check_every_kind() -> None:
    """Every kind is there, an untouched institution raises no alarm, and no mutation is missed."""
    report = verify(read_anchors(), clock_is_set=True)
    assert report.messages() == []
    assert report.evidence > 100
    assert checking.check_sample() == []
    kinds = {found.key.partition(":")[0] for found in evidence.compare()}
    assert kinds == set(EVIDENCE)
    tally = evidence_trials(0, seed=22, with_log=False)
    assert tally.missed == []
    assert tally.found == tally.trials >= 3 * len(EVIDENCE)


def check_pages_and_alarm() -> None:
    """The page of a row that was meddled with warns in red, and the alarm stands until all is verified."""
    shown = rows_on_pages()
    auditor = browser_for(Person.objects.get(accounts__login=AUDITOR))
    for one in shown:
        assert WARNING not in one.page(), one.url
    switch_triggers_off()
    for one in shown:
        one.meddle()
        _, _, red = one.page().partition(RED)
        warning = red.partition("</div>")[0]
        assert WARNING in warning and one.key in warning, one.url

    wrong = checking.check_sample(size=10_000)
    assert {message.partition(" ")[0] for message in wrong} == {one.key for one in shown}
    assert checking.standing_alarm() is not None
    assert "有档案与审计记录校验不符" in auditor.get(reverse("home:my_day")).content.decode()

    said = verify_audit()
    assert "exit 1" in said
    for one in shown:
        event = AuditEvent.objects.filter(evidence__has_key=one.key).latest("id")
        assert f"{one.key} is not what event {event.pk} recorded: its row was changed" in said

    for one in shown:
        assert checking.standing_alarm() is not None
        one.put_back()
        assert WARNING not in one.page(), one.url
    assert "MEDDLED WITH" not in verify_audit()
    assert checking.standing_alarm() is None
