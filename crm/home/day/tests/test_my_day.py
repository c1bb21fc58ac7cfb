"""My day: what waits for a person stands there, most urgent first, and nothing of anybody else."""

import pytest
from django.urls import reverse

from clients.file.services import client_reassign
from clients.file.tests.factories import ClientFactory
from crm.home.day.selectors import my_day
from crm.kernel.people.models import Person
from crm.testing.people import browser_for
from risk.ratings.services import rating_enter
from risk.reviews.tests.factories import decide, make_client, make_project, submit

pytestmark = pytest.mark.django_db


def titles(person: Person) -> list[str]:
    return [row.line.title for band in my_day(person=person).bands for row in band.rows]


def test_a_grade_waits_for_the_second_assessor_only(
    owner: Person, risk_assessor: Person, second_assessor: Person
) -> None:
    client = ClientFactory(owner=owner)
    rating_enter(client=client, grade="AA", reason="偿债指标满分", source="2025 年审计报告", by=risk_assessor)
    assert len(titles(second_assessor)) == 1
    assert titles(risk_assessor) == titles(owner) == []


def test_a_client_handed_over_takes_its_deals_to_the_new_day(
    owner: Person, colleague: Person, stranger: Person, head: Person, initial_reviewer: Person
) -> None:
    sent_back, running = make_client(owner), make_client(owner)
    decide(submit(make_project(sent_back, lead=colleague)), initial_reviewer, "return")
    case = submit(make_project(running, lead=colleague))
    for client in (sent_back, running):
        client_reassign(client=client, owner=stranger, expected_version=client.version, by=head)
    assert titles(owner) == []
    assert len(titles(stranger)) == 1
    assert [row[0] for row in my_day(person=stranger).submitted] == [case]
    assert not my_day(person=owner).submitted


def test_an_empty_day_says_so(owner: Person) -> None:
    page = browser_for(owner).get(reverse("home:my_day"))
    assert page.status_code == 200
    assert "void-good" in page.content.decode()


@pytest.mark.parametrize("many", [3, 30])
def test_my_day_costs_at_most_twelve_queries_however_much_waits(
    owner: Person, risk_assessor: Person, second_assessor: Person, many: int, django_assert_max_num_queries
) -> None:
    for client in ClientFactory.create_batch(many, owner=owner):
        rating_enter(client=client, grade="AA", reason="偿债指标满分", source="2025 年审计报告", by=risk_assessor)
    browser = browser_for(second_assessor)
    browser.get(reverse("home:my_day"))
    with django_assert_max_num_queries(12):
        browser.get(reverse("home:my_day"))
