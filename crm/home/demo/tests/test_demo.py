"""The demo institution: whoever logs in finds work that is truly theirs, and something of everything."""

from collections import Counter

import pytest
from django.urls import reverse

from crm.home.day.selectors import my_day
from crm.home.demo.tests.row_walk import walk
from crm.kernel.people.demo import PEOPLE, SHOWN
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for
from risk.indicators.models import Level, WarningEpisode
from staff.complaints.models import OPEN, Complaint
from staff.kpi.models import KpiPeriod, KpiScheme
from staff.kpi.selectors.recompute import verdict_of

pytestmark = pytest.mark.django_db


def test_the_demo_has_work_for_every_account_and_something_of_everything(demo: None) -> None:
    people = {login: Person.objects.get(accounts__login=login) for login in (member.login for member in PEOPLE)}
    assert {login for login, _part in SHOWN} <= set(people)
    days = {login: my_day(person=person) for login, person in people.items()}
    assert [login for login, day in days.items() if not day.all] == [], "nothing stands on their day"
    astray = []
    for login, day in days.items():
        browser = browser_for(people[login])
        for line in (row.line for band in day.bands for row in band.rows):
            if found := walk(browser, line):
                astray.append(f"{login} · {line.title} · {line.act}: {found}")
        page = browser.get(reverse("worklist:waiting"))
        assert page.context["number"] == day.all, f"{login}: the full list counts another number than my day"
    assert not astray, "\n".join(astray)

    warnings = Counter(WarningEpisode.objects.filter(closed_on=None).values_list("level", flat=True))
    assert set(warnings) == set(Level.values)
    open_ones = Complaint.objects.filter(status__in=OPEN)
    today = clock.today()
    assert open_ones.filter(due_on__lt=today).exists(), "none is past its date"
    assert any(0 <= (row.due_on - today).days <= 3 for row in open_ones), "none is near its date"

    closed = list(KpiPeriod.objects.filter(closed_at__isnull=False))
    assert len(closed) >= 2
    assert all(verdict_of(period).is_sound for period in closed)
    assert KpiPeriod.objects.filter(closed_at=None, computed_at__isnull=False, results__isnull=False).exists()
    assert KpiScheme.objects.filter(status=KpiScheme.Status.DRAFT).exists()
