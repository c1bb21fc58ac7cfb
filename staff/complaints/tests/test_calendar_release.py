"""A complaint across 1 January and the Spring Festival is dated by the notice once it is released, as was previewed."""

from datetime import date

import pytest
from django.urls import reverse

from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.selectors import list_moved
from crm.kernel.holidays.services import notice_enter, notice_release
from crm.kernel.holidays.tests.notice import NUMBER, TEXT, YEAR
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member
from staff.complaints.models import Complaint, Kind
from staff.complaints.tests.factories import anew, assigned

pytestmark = pytest.mark.django_db
# Fifteen days after 25 January 2027 lies 9 February, in the Spring Festival of the notice.
RECEIVED, ENTERED = date(2027, 1, 25), date(2027, 1, 26)
BEFORE, AFTER = date(2027, 2, 9), date(2027, 2, 4)


@pytest.fixture
def complaint(colleague: Person) -> Complaint:
    with clock.at(RECEIVED):
        row = assigned(colleague)
    assert (row.internal_due, row.due_provisional) == (BEFORE, True)
    return row


def draft() -> HolidayNotice:
    return notice_enter(year=YEAR, number=NUMBER, lines=TEXT, by=cast_member("system_admin"))


def release(notice: HolidayNotice) -> None:
    notice_release(notice=notice, by=cast_member("security_admin"))
    relay_due()


def previewed(notice: HolidayNotice) -> dict[str, tuple[date, date]]:
    return {one.number: (one.former, one.due_on) for kind in list_moved(notice) for one in kind.shifts}


def test_the_preview_says_what_the_release_then_does(complaint: Complaint, colleague: Person) -> None:
    with clock.at(ENTERED):
        notice = draft()
        assert previewed(notice) == {complaint.number: (BEFORE, AFTER)}
        assert anew(complaint).version == complaint.version, "a preview writes nothing"
        page = browser_for(cast_member("security_admin")).get(
            reverse("admin:kernel_holidaynotice_change", args=[notice.pk])
        )
        assert complaint.number in page.content.decode()
        others = browser_for(colleague).get(reverse("admin:kernel_holidaynotice_change", args=[notice.pk]))
        assert complaint.number not in others.content.decode()
        release(notice)
    row = anew(complaint)
    assert (row.due_on, row.internal_due, row.due_provisional) == (BEFORE, AFTER, False)
    assert row.events.filter(kind=Kind.REDATED).count() == 1
    assert Notice.objects.filter(recipient=colleague, kind="complaint.redated").count() == 1


def test_a_correction_moves_what_the_first_notice_dated(complaint: Complaint, colleague: Person) -> None:
    # By the corrected notice 4 February is off as well.
    corrected = f"{TEXT}\n2027-02-04, 休, 春节"
    with clock.at(ENTERED):
        release(draft())
    with clock.at(date(2027, 1, 27)):
        second = notice_enter(
            year=YEAR, number="国办发明电〔2027〕1号", lines=corrected, by=cast_member("system_admin")
        )
        assert previewed(second) == {complaint.number: (AFTER, date(2027, 2, 3))}
        release(second)
    assert anew(complaint).internal_due == date(2027, 2, 3)
    assert Notice.objects.filter(recipient=colleague, kind="complaint.redated").count() == 2
