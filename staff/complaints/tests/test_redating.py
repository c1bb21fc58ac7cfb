"""Rules 10.5: once the official calendar of a year is there, what was dated without it is dated again, and told."""

from datetime import date, datetime, timedelta

import pytest

from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.services import REMIND
from crm.tests.support.workdays import official_calendar
from staff.complaints import services
from staff.complaints.models import Complaint, Kind
from staff.complaints.services.duties import TODO
from staff.complaints.tasks import refresh_dates
from staff.complaints.tests.factories import act, anew, assigned, replied

pytestmark = pytest.mark.django_db
RECEIVED = date(2026, 12, 30)
NOTICE = date(2026, 12, 31)
# Two days that the rule of thumb takes for working days: an early one, and the day of the limit.
OFF = (date(2027, 1, 4), date(2027, 1, 14))


@pytest.fixture
def complaint(colleague: Person) -> Complaint:
    """Received before the turn of the year, due on 14 January."""
    with clock.at(RECEIVED):
        row = assigned(colleague)
    assert (row.due_on, row.internal_due, row.due_provisional) == (OFF[1], OFF[1], True)
    assert row.contact_by == OFF[0]
    return row


def told(person: Person) -> int:
    return Notice.objects.filter(recipient=person, kind="complaint.redated").count()


def test_once_the_official_calendar_is_there_dates_todo_reminders_and_the_responsible_follow(
    complaint: Complaint, colleague: Person
) -> None:
    with clock.at(NOTICE):
        assert refresh_dates() == 0, "nothing is known yet"
        official_calendar(*OFF)
        assert refresh_dates() == 1
        assert refresh_dates() == 0
    row = anew(complaint)
    assert (row.due_on, row.internal_due, row.due_provisional) == (OFF[1], date(2027, 1, 13), False)
    assert row.contact_by == date(2027, 1, 5)
    assert row.investigate_by == complaint.investigate_by + timedelta(days=1)
    assert row.events.filter(kind=Kind.REDATED).count() == 1
    todo = Todo.objects.get(kind=TODO, object_id=str(row.pk), done_at=None)
    assert (todo.owner, todo.due_on) == (colleague, row.internal_due)
    waiting = DueItem.objects.filter(kind=REMIND, object_id=str(todo.pk), state="pending")
    assert max(item.due_at.astimezone(clock.SHANGHAI).date() for item in waiting) == row.internal_due
    assert told(colleague) == 1
    title = Notice.objects.get(kind="complaint.redated")
    assert title.data == {"number": row.number, "internal_due": "2027-01-13", "due_on": "2027-01-14"}


def test_an_internal_time_that_has_passed_or_was_met_stays(complaint: Complaint, colleague: Person) -> None:
    with clock.at(NOTICE):
        act(services.complaint_acknowledge, complaint, colleague, how="电话告知")
    with clock.at(date(2027, 1, 5)):
        official_calendar(*OFF)
        refresh_dates()
    row = anew(complaint)
    assert (row.acknowledge_by, row.contact_by) == (complaint.acknowledge_by, complaint.contact_by)
    assert row.investigate_by > complaint.investigate_by


def test_a_limit_that_has_passed_or_was_kept_stays(complaint: Complaint, colleague: Person) -> None:
    with clock.at(RECEIVED):
        kept = assigned(colleague)
    with clock.at(NOTICE):
        act(services.complaint_reopen, replied(kept), Person.objects.get(name="叶知秋"), reason="投诉人补充了新材料")
    with clock.at(datetime(2027, 1, 15, 9, tzinfo=clock.SHANGHAI)):
        official_calendar(*OFF)
        assert refresh_dates() == 0
    for row in (complaint, kept):
        assert anew(row).internal_due == row.internal_due
    assert told(colleague) == 0


def test_a_day_that_stands_is_told_to_nobody(complaint: Complaint, colleague: Person) -> None:
    with clock.at(NOTICE):
        official_calendar()
        assert refresh_dates() == 1
    assert anew(complaint).due_provisional is False
    assert told(colleague) == 0
