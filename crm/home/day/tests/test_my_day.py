"""My day: what waits for a person stands there, most urgent first, and nothing of anybody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.file.models import Industry, Region
from clients.file.services import client_reassign, client_update
from clients.file.tests.factories import ClientFactory
from clients.standing.services import standing_record
from crm.home.day.selectors import my_day
from crm.kernel.audit.context import SYSTEM
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import workdays_between
from crm.kernel.worklist import kinds
from crm.kernel.worklist.services import todo_escalate, todo_open
from crm.kernel.worklist.waiting import SHOWN
from crm.tests.support.people import browser_for, cast_member
from risk.ratings.services import rating_enter
from risk.reviews.services import review_withdraw
from risk.reviews.tasks import refresh_waiting
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
    refresh_waiting()
    assert titles(owner) == []
    assert len(titles(stranger)) == 1
    assert [row[0] for row in my_day(person=stranger).submitted] == [case]
    assert not my_day(person=owner).submitted


def test_what_came_back_stands_on_the_assistants_day_too(
    owner: Person, colleague: Person, initial_reviewer: Person
) -> None:
    case = submit(make_project())
    decide(case, initial_reviewer, "return")
    assert len(titles(cast_member("assistant"))) == len(titles(owner)) == 1
    assert titles(colleague) == []
    review_withdraw(case=case, expected_version=case.version, reason="客户不再需要", by=owner)
    assert titles(cast_member("assistant")) == titles(owner) == []


def test_a_client_of_unknown_industry_is_the_data_stewards_until_it_is_known(owner: Person, steward: Person) -> None:
    client = ClientFactory(owner=owner, size="")
    [title] = titles(steward)
    assert client.name in title
    facts = {"industry": Industry.objects.order_by("pk")[0], "region": Region.objects.order_by("pk")[0]}
    changes = {**facts, "size": "large"}
    client_update(client=client, changes=changes, expected_version=client.version, by=steward)
    assert titles(steward) == titles(owner) == []


def test_an_empty_day_says_so(owner: Person) -> None:
    page = browser_for(owner).get(reverse("home:my_day"))
    assert page.status_code == 200
    assert "void-good" in page.content.decode()


@pytest.mark.parametrize(
    ("grade", "first_day"), [("AAA", 45), ("AA", 45), ("A", 30), ("B", 30), ("C", 15)], ids=lambda item: str(item)
)
def test_a_grade_is_renewed_as_long_before_its_end_as_its_own_lead_says(
    owner: Person, stranger: Person, grade: str, first_day: int
) -> None:
    def ends_in(days: int) -> None:
        values = {"grade": grade, "grade_until": clock.today() + timedelta(days=days)}
        standing_record(client=client, values=values, source="test", as_of=clock.today(), by=SYSTEM)

    client = ClientFactory(owner=owner)
    for days, lines in ((first_day + 1, 0), (first_day, 1), (0, 1), (-1, 1)):
        ends_in(days)
        assert len(titles(owner)) == lines, days
        assert titles(stranger) == []


def test_the_lead_in_force_today_decides(owner: Person) -> None:
    client, until = ClientFactory(owner=owner), clock.today() + timedelta(days=50)
    values = {"grade": "AA", "grade_until": until}
    standing_record(client=client, values=values, source="test", as_of=clock.today(), by=SYSTEM)
    assert titles(owner) == []
    lead = {"AAA": 60, "AA": 60, "A": 30, "B": 30, "C": 15}
    by, second = cast_member("system_admin"), cast_member("second_system_admin")
    draft = parameter_propose(
        code="rating.renewal_lead_days", value=lead, effective_from=clock.today(), source="[D] test", by=by
    )
    parameter_approve(version=draft, by=second)
    assert len(titles(owner)) == 1


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


def test_a_todo_stands_beside_the_other_sources_and_goes_up_when_it_is_late(owner, head):
    kinds.register(kinds.TodoKind("test.day", "Call %(client)s", "Call"))
    day = clock.today() - timedelta(days=1)
    todo = todo_open(
        kind="test.day", subject=owner, owner=owner, due_on=day, url="/x/", data={"client": "闽江"}, by=SYSTEM
    )
    [row] = [row for band in my_day(person=owner).bands for row in band.rows if row.line.kind == "todo"]
    assert (row.line.title, row.line.act, row.line.url) == ("Call 闽江", "Call", "/x/")
    assert my_day(person=owner).late == 1
    assert my_day(person=head).late == 0
    todo_escalate(todo=todo, by=SYSTEM)
    assert my_day(person=head).late == 1


def test_next_weeks_sunday_is_soon_and_the_monday_after_it_is_later(owner: Person) -> None:
    wednesday = date(2026, 3, 11)
    for number, day in enumerate((date(2026, 3, 22), date(2026, 3, 23))):
        subject = ("test.thing", number)
        todo_open(kind="test.week", subject=subject, owner=owner, due_on=day, url="/", by=SYSTEM)
    with clock.at(wednesday):
        bands = {band.key: [row.line.due for row in band.rows] for band in my_day(person=owner).bands}
    assert bands == {"soon": [date(2026, 3, 22)], "later": [date(2026, 3, 23)]}


def test_days_far_off_are_counted_by_the_official_calendar(owner: Person) -> None:
    today, due = date(2026, 3, 11), date(2026, 10, 9)
    todo_open(kind="test.far", subject=owner, owner=owner, due_on=due, url="/", by=SYSTEM)
    with clock.at(today):
        [row] = [row for band in my_day(person=owner).bands for row in band.rows]
    assert row.left == workdays_between(today, due)


def test_what_my_day_has_no_room_for_is_counted_and_stands_in_the_list(owner: Person, head: Person) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for number in range(80):
        subject = ("test.thing", number)
        todo = todo_open(kind="test.many", subject=subject, owner=owner, due_on=yesterday, url="/", by=SYSTEM)
    later = clock.today() + timedelta(days=200)
    todo_open(kind="test.later", subject=owner, owner=owner, due_on=later, url="/", by=SYSTEM)
    day = my_day(person=owner)
    assert (day.late, day.all, len(day.bands[0].first)) == (80, 81, SHOWN)
    page = browser_for(owner).get(reverse("home:my_day")).content.decode()
    whole = browser_for(owner).get(reverse("worklist:waiting"))
    assert f'href="{reverse("worklist:waiting")}"' in page
    assert page.count('class="work"') == SHOWN + 2  # one of the other band, and how many are left out
    assert (whole.context["number"], whole.content.decode().count('class="work"')) == (81, 81)
    for number in range(30):
        todo_open(kind="test.own", subject=("test.own", number), owner=head, due_on=yesterday, url="/", by=SYSTEM)
    todo_escalate(todo=todo, by=SYSTEM)
    assert (my_day(person=head).late, len(titles(head))) == (31, 31)
