"""My day and KPI: a quarter that can be closed, a scheme that waits: on the day of who may act, of nobody else."""

from datetime import date

import pytest
from django.urls import reverse

from crm.home.day.selectors import my_day
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member
from staff.kpi.services import scheme_approve
from staff.kpi.tests.factories import Q3, Q4, closed, draft_scheme, in_post, previewed, scheme

pytestmark = pytest.mark.django_db


def kpi_lines(person: Person) -> list[str]:
    return [row.line.title for band in my_day(person=person).bands for row in band.rows if row.line.kind == "kpi"]


@pytest.fixture
def owner_in_post(_reference_data: None) -> Person:
    with clock.at(date(2026, 1, 5)):
        person = cast_member("owner")
        for part in ("finance", "final_approver", "head", "auditor"):
            cast_member(part)
    in_post(person)
    scheme()
    return person


def test_a_quarter_waits_for_finance_from_the_day_it_can_be_closed(owner_in_post: Person) -> None:
    finance = cast_member("finance")
    period = previewed()
    with clock.at(date(2026, 10, 13)):
        assert kpi_lines(finance) == [], "the last day for objections"
    with clock.at(date(2026, 10, 14)):
        [line] = [row.line for band in my_day(person=finance).bands for row in band.rows if row.line.kind == "kpi"]
        assert line.url == reverse("staff:kpi_close", args=[period.pk])
        assert browser_for(finance).get(line.url).status_code == 200
        assert [kpi_lines(cast_member(part)) for part in ("owner", "head", "auditor", "final_approver")] == [[]] * 4
    closed()
    with clock.at(date(2026, 10, 26)):
        assert kpi_lines(finance) == []


def test_a_scheme_waits_for_its_second_person_and_its_proposer_sees_that(owner_in_post: Person) -> None:
    finance, approver = cast_member("finance"), cast_member("final_approver")
    with clock.at(Q3.ends_on):
        draft = draft_scheme(quarter=Q4)
        mine, other = kpi_lines(finance), kpi_lines(approver)
        assert len(mine) == len(other) == 1
        assert mine != other
        assert kpi_lines(owner_in_post) == []
        scheme_approve(scheme=draft, expected_version=draft.version, by=approver)
        assert kpi_lines(finance) == kpi_lines(approver) == []
