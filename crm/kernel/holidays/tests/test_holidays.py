"""Rules 10.5: the official calendar of a coming year, from the notice, by two people; open deadlines follow."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted
from crm.kernel.audit.models import AuditEvent
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.rules import entries as rules
from crm.kernel.holidays.services import notice_enter, notice_release, notice_withdraw
from crm.kernel.holidays.tests.notice import LINES, NUMBER, TEXT, YEAR
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due
from crm.kernel.workdays import clock
from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.services import add_workdays
from crm.tests.support.people import browser_for, cast_member

ADD = "admin:kernel_holidaynotice_add"
CHANGE = "admin:kernel_holidaynotice_change"
TODAY = date(2026, 12, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def december() -> "object":
    with clock.at(TODAY):
        yield


def entered(lines: str = TEXT, number: str = NUMBER) -> HolidayNotice:
    return notice_enter(year=YEAR, number=number, lines=lines, by=cast_member("system_admin"))


def test_a_released_notice_makes_the_whole_year_official() -> None:
    before = add_workdays(TODAY, 5)
    assert (before.date, before.provisional) == (date(2027, 1, 7), True)
    notice = entered()
    assert add_workdays(TODAY, 5).provisional, "a draft dates nothing"
    notice_release(notice=notice, by=cast_member("security_admin"))
    rows = CalendarDay.objects.filter(date__year=YEAR)
    assert rows.count() == 365
    assert set(rows.values_list("status", "source")) == {("official", NUMBER)}
    worked = dict(rows.values_list("date", "is_workday"))
    assert (worked[date(2027, 2, 8)], worked[date(2027, 1, 30)], worked[date(2027, 3, 1)]) == (False, True, True)
    assert rows.get(date=date(2027, 2, 8)).name == "春节"
    found = add_workdays(date(2027, 2, 4), 1)
    assert (found.date, found.provisional) == (date(2027, 2, 15), False)
    event = AuditEvent.objects.get(action="calendar.released")
    assert "2027-01-30" in event.after["changed_days"]
    assert "2027-03-01" not in event.after["changed_days"]


def test_who_entered_does_not_release_and_the_database_holds_it() -> None:
    notice, enterer = entered(), cast_member("system_admin")
    with pytest.raises(NotPermitted):
        notice_release(notice=notice, by=enterer)
    with pytest.raises(DatabaseError), transaction.atomic():
        HolidayNotice.objects.filter(pk=notice.pk).update(
            status="released", released_by=enterer, released_at=clock.now()
        )
    assert not CalendarDay.objects.filter(date__year=YEAR).exists()


def test_a_released_notice_never_changes_and_a_correction_is_a_version() -> None:
    first = notice_release(notice=entered(), by=cast_member("security_admin"))
    with pytest.raises(DatabaseError), transaction.atomic():
        HolidayNotice.objects.filter(pk=first.pk).update(number="国办发明电〔2026〕1号")
    corrected = "\n".join(line for line in LINES if "2027-02-20" not in line)
    second = notice_release(notice=entered(corrected, "国办发明电〔2027〕1号"), by=cast_member("security_admin"))
    assert (first.version, second.version) == (1, 2)
    assert HolidayNotice.objects.filter(status="released").count() == 2
    assert CalendarDay.objects.get(date=date(2027, 2, 20)).is_workday is False
    follow_up = DueItem.objects.filter(kind="calendar.recompute").order_by("pk")
    assert [item.data["corrected"] for item in follow_up] == [False, True]


def test_every_wrong_line_is_named_and_nothing_is_written() -> None:
    wrong = [*LINES, "2027-13-01, 休, 元旦", "2027-03-03, 上, 某节", "2027-03-04, 休,", "2026-06-01, 休, 某节"]
    with translation.override("en"), pytest.raises(BadInput) as refused:
        entered("\n".join(wrong))
    said = [str(text) for text in refused.value.errors["lines"]]
    assert [text.split(":")[0] for text in said] == [f"Line {len(LINES) + step}" for step in (1, 2, 3)]
    assert not HolidayNotice.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lines: [*lines, "2027-01-01, 休, 元旦"], "twice"),
        (lambda lines: [*lines, "2028-01-01, 休, 元旦"], "year"),
        (lambda lines: [*lines, "2027-03-03, 班, 春节"], "weekday"),
        (lambda lines: [line for line in lines if "2027-10-02" not in line], "statutory"),
    ],
)
def test_a_notice_that_cannot_be_is_refused(change: Callable[[list[str]], list[str]], code: str) -> None:
    entries, mistakes = rules.read_entries("\n".join(change(LINES)))
    assert mistakes == []
    assert [one.code for one in rules.list_mistakes(YEAR, entries)] == [code]


def test_rows_pasted_from_a_sheet_and_both_ways_of_writing_a_date_are_read() -> None:
    entries, mistakes = rules.read_entries("2027年1月1日\t休\t元旦\t国办发明电〔2026〕9号\n2027/1/2 放假 元旦\n")
    assert mistakes == []
    assert [(one.date, one.is_workday, one.name) for one in entries] == [
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 1, 2), False, "元旦"),
    ]


def test_a_second_draft_of_the_year_and_a_year_far_off_are_refused() -> None:
    notice = entered()
    with pytest.raises(Conflict):
        entered()
    notice_withdraw(notice=notice, reason="日期有误", by=cast_member("system_admin"))
    assert entered().version == 2
    with pytest.raises(BadInput):
        notice_enter(year=2029, number=NUMBER, lines=TEXT, by=cast_member("system_admin"))


def test_the_admin_enters_a_gbk_file_shows_the_preview_and_releases(django_capture_on_commit_callbacks) -> None:
    first, second = browser_for(cast_member("system_admin")), browser_for(cast_member("second_system_admin"))
    file = SimpleUploadedFile("放假安排.csv", TEXT.encode("gb18030"), content_type="text/csv")
    assert first.post(reverse(ADD), {"year": YEAR, "number": NUMBER, "file": file}).status_code == 302
    notice = HolidayNotice.objects.get()
    assert len(notice.days) == len(LINES) - 1
    page = reverse(CHANGE, args=[notice.pk])
    assert first.post(page, {"verdict": "release"}).status_code == 403
    assert second.get(page).status_code == 200
    assert "2027-02-05" in second.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert second.post(page, {"verdict": "release"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.status, notice.released_by) == ("released", cast_member("second_system_admin"))
    assert relay_due() >= 1
    assert AuditEvent.objects.filter(action="calendar.deadlines_recomputed").exists()


def test_a_picture_is_no_notice() -> None:
    browser = browser_for(cast_member("system_admin"))
    file = SimpleUploadedFile("通知.png", b"\x89PNG\r\n\x1a\n\x00\x00", content_type="image/png")
    answer = browser.post(reverse(ADD), {"year": YEAR, "number": NUMBER, "file": file})
    assert answer.status_code == 200
    assert "file" in answer.context["adminform"].form.errors
    assert not HolidayNotice.objects.exists()
