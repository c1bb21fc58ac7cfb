"""What acts left outside of the audit table is verified with the event that recorded it; pages and alarms say so."""

import io
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from crm.home.day.selectors import my_day
from crm.home.demo.build import Builder
from crm.home.trail.tests.evidence_meddlings import evidence_trials, switch_triggers_off
from crm.kernel.audit import checking, evidence
from crm.kernel.audit.anchors import read_anchors
from crm.kernel.audit.verify import verify
from crm.kernel.declarations.evidence import EVIDENCE
from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for
from risk.ratings.models import Rating
from risk.reviews.models import Decision
from staff.complaints.models import Complaint
from staff.kpi.models import KpiResult

pytestmark = pytest.mark.django_db
WARNING = "fingerprint"


@pytest.fixture
def demo(settings, tmp_path) -> None:
    settings.ANCHOR_DIR = tmp_path / "anchors"
    Builder().build()


def meddle(sql: str, pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [pk])


def page_of(login: str, url: str) -> str:
    answer = browser_for(Person.objects.get(accounts__login=login)).get(url, headers={"accept-language": "en"})
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_every_mutation_of_every_kind_of_evidence_is_found_and_named(demo) -> None:
    """One building for all: every kind is there, a clean house raises no alarm, and nothing is missed."""
    report = verify(read_anchors(), clock_is_set=True)
    assert report.messages() == []
    assert report.evidence > 100
    assert checking.check_sample() == []
    kinds = {found.key.partition(":")[0] for found in evidence.compare()}
    assert kinds == set(EVIDENCE)
    tally = evidence_trials(0, seed=22, with_log=False)
    assert tally.missed == []
    assert tally.found == tally.trials >= 3 * len(EVIDENCE)


def test_pages_warn_and_the_sample_alarms_until_all_is_verified(demo) -> None:
    decision = Decision.objects.filter(case__status="approved").first() or Decision.objects.first()
    case_url = decision.case.get_absolute_url()
    decider = decision.person.accounts.first().login
    result = KpiResult.objects.filter(period__closed_at__isnull=False).first()
    rating = Rating.objects.filter(status="confirmed").first()
    complaint = Complaint.objects.filter(replied_at__isnull=False).first()
    shown = [
        (decider, case_url, "UPDATE risk_decision SET opinion = opinion || '。' WHERE id = %s", decision.pk),
        (
            result.person.accounts.first().login,
            result.get_absolute_url(),
            "UPDATE staff_kpiresult SET points = points + 1 WHERE id = %s",
            result.pk,
        ),
        (
            rating.entered_by.accounts.first().login,
            reverse("risk:rating_confirm", args=[rating.pk]),
            "UPDATE risk_rating SET valid_until = valid_until + 1 WHERE id = %s",
            rating.pk,
        ),
        (
            complaint.responsible.accounts.first().login,
            complaint.get_absolute_url(),
            "UPDATE staff_complaint SET draft = draft || '。' WHERE id = %s",
            complaint.pk,
        ),
    ]
    for login, url, _sql, _pk in shown:
        assert WARNING not in page_of(login, url), url
    switch_triggers_off()
    for login, url, sql, pk in shown:
        meddle(sql, pk)
        assert WARNING in page_of(login, url), url
    assert checking.standing_alarm() is None
    assert checking.check_sample(size=10_000)
    assert checking.standing_alarm() is not None
    auditors = Person.objects.filter(role_grants__role="auditor")
    assert any("no longer match" in str(line) for person in auditors for line in my_day(person=person).all)
    with suppress(SystemExit):
        call_command("verify_audit", stdout=io.StringIO())
    assert checking.standing_alarm() is not None
