"""A deadline that was kept or missed stays counted for whoever had it, in its quarter, whatever comes later."""

import json
from datetime import date, timedelta

import pytest

from clients.file.models import Client
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from risk.indicators.models import WarningEpisode
from risk.indicators.services import warning_respond
from risk.indicators.tests.factories import bare_clients, night
from staff.complaints import services as complaints
from staff.complaints.models import Complaint
from staff.complaints.tests.factories import act, assigned, replied
from staff.kpi.models import KpiPeriod
from staff.kpi.selectors.recompute import verdict_of
from staff.kpi.services import corrections_find
from staff.kpi.tests.factories import Q3, Q4, closed, day_in, in_post, previewed, result_of, scheme

pytestmark = pytest.mark.django_db
ASKED = Q3.starts_on + timedelta(days=10)
SINCE = ASKED - timedelta(days=200)


@pytest.fixture
def house(db: None) -> dict[str, Person]:
    people = {part: cast_member(part) for part in ("owner", "colleague")}
    in_post(*people.values())
    scheme()
    with clock.at(Q3.starts_on):
        cast_member("complaints_officer")
    return people


def shares(period: KpiPeriod, person: Person, measure: str) -> list[list[str]]:
    """Kept of one, for each deadline on the sheet."""
    document = json.loads(result_of(period, person).document)
    rows: list[list[str]] = next(line["rows"] for line in document["lines"] if line["measure"] == measure)
    return [row[1:] for row in rows]


def warned(person: Person) -> WarningEpisode:
    bare_clients(person, 1, confirmed_on=SINCE)
    with clock.at(ASKED):
        night(ASKED)
    return WarningEpisode.objects.get()


def reviewed(day: date) -> None:
    with clock.at(day):
        night(day)


def test_a_warning_answered_in_time_stays_in_its_quarter_when_it_is_bad_again_in_the_next(
    house: dict[str, Person],
) -> None:
    warning = warned(house["owner"])
    with clock.at(ASKED):
        warning_respond(warning=warning, response="已约客户核实。", expected_version=1, by=house["owner"])
    period = closed()
    assert shares(period, house["owner"], "warnings_on_time") == [["1", "1"]]
    with day_in(Q4, 40):
        Client.objects.update(confirmed_on=clock.today())
        night()
        Client.objects.update(confirmed_on=SINCE)
        day = clock.today() + timedelta(days=1)
    reviewed(day)
    warning.refresh_from_db()
    assert (warning.responded_at, warning.due_on > day) == (None, True)
    with clock.at(day):
        assert corrections_find(by=SYSTEM) == 0
        assert verdict_of(period).is_sound


def test_a_missed_warning_that_is_handed_over_stays_with_who_missed_it(house: dict[str, Person]) -> None:
    warning = warned(house["owner"])
    reviewed(warning.due_on + timedelta(days=1))
    Client.objects.update(owner=house["colleague"])
    reviewed(warning.due_on + timedelta(days=2))
    warning.refresh_from_db()
    assert warning.owner == house["colleague"]
    period = previewed()
    assert shares(period, house["owner"], "warnings_on_time") == [["0", "1"]]
    assert shares(period, house["colleague"], "warnings_on_time") == []


def missed(person: Person) -> Complaint:
    with clock.at(ASKED):
        row = assigned(person)
    with clock.at(row.due_on + timedelta(days=1)):
        complaints.overdue_note(pk=row.pk, by=SYSTEM)
    return row


def test_a_late_complaint_that_is_handed_over_and_answered_stays_with_who_was_late(house: dict[str, Person]) -> None:
    row = missed(house["colleague"])
    with clock.at(row.due_on + timedelta(days=2)):
        row = act(complaints.complaint_assign, row, cast_member("complaints_officer"), person=house["owner"])
        replied(row)
    period = previewed()
    assert shares(period, house["colleague"], "complaints_on_time") == [["0", "1"]]
    assert shares(period, house["owner"], "complaints_on_time") == []


def test_a_complaint_answered_in_time_stays_kept_when_it_is_reopened_and_handed_over(house: dict[str, Person]) -> None:
    with clock.at(ASKED):
        row = replied(assigned(house["colleague"]))
    period = closed()
    officer = cast_member("complaints_officer")
    with day_in(Q4, 40):
        row = act(complaints.complaint_reopen, row, officer, reason="投诉人补充了新材料")
        act(complaints.complaint_assign, row, officer, person=house["owner"])
        complaints.overdue_note(pk=row.pk, by=SYSTEM)
        assert corrections_find(by=SYSTEM) == 0
    assert shares(period, house["colleague"], "complaints_on_time") == [["1", "1"]]


def test_an_answer_to_what_is_back_to_normal_misses_nothing(house: dict[str, Person]) -> None:
    warning = warned(house["owner"])
    with clock.at(warning.due_on):
        Client.objects.update(confirmed_on=warning.due_on)
        night(warning.due_on)
    with clock.at(warning.due_on + timedelta(days=3)):
        warning.refresh_from_db()
        assert warning.recovered_on is not None
        warning_respond(warning=warning, response="已补核实。", expected_version=warning.version, by=house["owner"])
    assert warning.observations.get(kind="responded").deadline == ""
