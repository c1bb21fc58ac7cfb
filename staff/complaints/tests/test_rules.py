"""Vectors of rules 5.2, 5.3 and 5.4, in a calendar loaded from the same library but asked for its days only."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import chinese_calendar
import pytest

from crm.kernel.workdays.rules.calendar import Day, WorkCalendar
from staff.complaints.rules import classes, deadlines
from staff.complaints.rules.service import OfficeHours, service_of

LIMITS = deadlines.Limits(15, 30, 60)
AT = classes.Thresholds(20, 5, Decimal(500_000), Decimal("0.05"), 3)
GENERAL = {
    "acknowledge_workdays": 1,
    "contact_workdays": 2,
    "investigate_workdays": 7,
    "reply_days": 10,
    "escalate_hours": [],
    "escalate_days": [10, 13, 15],
}
MAJOR = {
    "acknowledge_hours": 2,
    "contact_workdays": 1,
    "investigate_workdays": 5,
    "reply_days": 7,
    "escalate_hours": [24],
    "escalate_days": [5, 7],
}
HOURS = OfficeHours.of({"opens": "09:00", "closes": "17:30"})


def calendar(first: date, last: date) -> WorkCalendar:
    """The official days of a stretch."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return WorkCalendar({day: Day(chinese_calendar.is_workday(day), False) for day in days})


CALENDAR = calendar(date(2024, 1, 1), date(2026, 12, 31))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=deadlines.BEIJING)


@pytest.mark.parametrize(
    ("received", "days", "none", "forward", "internal"),
    [
        ("2025-05-06", 15, "2025-05-21", "2025-05-21", "2025-05-21"),
        ("2025-04-18", 15, "2025-05-03", "2025-05-06", "2025-04-30"),
        ("2026-03-16", 30, "2026-04-15", "2026-04-15", "2026-04-15"),
    ],
)
def test_the_three_dates_are_those_of_the_rule_book(
    received: str, days: int, none: str, forward: str, internal: str
) -> None:
    found = deadlines.due_dates(date.fromisoformat(received), days, CALENDAR)
    assert [str(found.none), str(found.forward), str(found.internal)] == [none, forward, internal]
    assert not found.provisional
    assert found.breach("none") == found.none
    assert found.breach("forward") == found.forward


def test_the_day_of_receipt_is_the_day_in_beijing() -> None:
    assert deadlines.receipt_day(datetime.fromisoformat("2026-03-15T17:00:00+00:00")) == date(2026, 3, 16)
    with pytest.raises(ValueError, match="zone"):
        deadlines.receipt_day(datetime(2026, 3, 15))


def test_a_date_beyond_the_official_calendar_is_provisional() -> None:
    assert deadlines.due_dates(date(2026, 12, 20), 15, CALENDAR).provisional


def test_no_pause_leads_beyond_the_longest_limit() -> None:
    assert deadlines.due_dates(date(2026, 3, 2), 15, CALENDAR, paused=4).none == date(2026, 3, 21)
    assert deadlines.due_dates(date(2026, 3, 2), 60, CALENDAR, paused=14).none == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("today", "extensions", "limit", "pending", "problem"),
    [
        ("2026-03-31", 0, 15, False, None),
        ("2026-04-01", 0, 15, False, "late"),
        ("2026-03-20", 2, 60, False, "last"),
        ("2026-03-20", 1, 30, True, "pending"),
        ("2026-03-20", 0, 60, False, "beyond"),
    ],
)
def test_an_extension_is_in_time_at_most_twice_and_never_beyond(
    today: str, extensions: int, limit: int, pending: bool, problem: str | None
) -> None:
    found = deadlines.extension_problem(
        today=date.fromisoformat(today),
        due=date(2026, 3, 31),
        extensions=extensions,
        limit=limit,
        limits=LIMITS,
        pending=pending,
    )
    assert found == problem


def test_a_pause_ends_by_itself_after_ten_working_days_in_all() -> None:
    start = date(2026, 2, 10)
    end = deadlines.pause_end(start, used=0, most=10, calendar=CALENDAR)
    # 11–14 February (the 14th is a make-up day), 24–28 (the 28th too), then Monday the 2nd.
    assert end == date(2026, 3, 2)
    assert deadlines.paused_workdays(start, end, CALENDAR) == 10
    assert deadlines.paused_days(start, end) == 20
    assert deadlines.paused_days(start, start - timedelta(days=1)) == 0
    problem = {"today": start, "due": end, "most": 10}
    assert deadlines.pause_problem(**problem, running=False, used=10) == "used_up"
    assert deadlines.pause_problem(**problem, running=True, used=0) == "running"
    assert deadlines.pause_problem(**{**problem, "due": date(2026, 2, 9)}, running=False, used=0) == "late"


@pytest.mark.parametrize(
    ("facts", "grounds"),
    [
        (classes.Facts(), []),
        (classes.Facts(complainants=20, is_face_to_face=True), ["face_to_face"]),
        (classes.Facts(complainants=19, is_face_to_face=True), []),
        (classes.Facts(complainants=5, has_common_facts=True), ["common_facts"]),
        (classes.Facts(complainants=4, has_common_facts=True), []),
        (classes.Facts(amount=Decimal(500_000)), ["amount"]),
        (classes.Facts(amount=Decimal("499999.99")), []),
        (classes.Facts(amount=Decimal(50_000), exposure=Decimal(1_000_000)), ["exposure"]),
        (classes.Facts(amount=Decimal("49999.99"), exposure=Decimal(1_000_000)), []),
        (classes.Facts(amount=Decimal(1), exposure=None), []),
        (classes.Facts(amount=Decimal(1), exposure=Decimal(0)), []),
        (classes.Facts(is_in_media=True, is_suspicion=True), ["media", "suspicion"]),
        (classes.Facts(is_key_account=True), ["key_account"]),
        (classes.Facts(is_from_regulator=True), ["regulator"]),
        (classes.Facts(repeats=3), ["repeat"]),
        (classes.Facts(repeats=2), []),
    ],
)
def test_one_ground_makes_it_major_and_each_is_named(facts: classes.Facts, grounds: list[str]) -> None:
    assert classes.grounds_of(facts, AT) == grounds
    assert classes.class_of(grounds) == (classes.MAJOR if grounds else classes.GENERAL)


def test_the_internal_times_of_a_general_complaint() -> None:
    found = service_of(moment("2026-11-20T15:00"), GENERAL, HOURS, CALENDAR)  # a Friday
    assert found.acknowledge == moment("2026-11-23T17:30")
    assert (found.contact, found.investigate, found.reply) == (
        date(2026, 11, 24),
        date(2026, 12, 1),
        date(2026, 11, 30),
    )
    assert found.escalate == tuple(
        moment(text) for text in ("2026-11-30T09:00", "2026-12-03T09:00", "2026-12-05T09:00")
    )


@pytest.mark.parametrize(
    ("received", "acknowledge"),
    [
        ("2026-11-20T10:00", "2026-11-20T12:00"),
        ("2026-11-20T16:30", "2026-11-20T17:30"),
        ("2026-11-20T07:00", "2026-11-20T11:00"),
        ("2026-11-20T20:00", "2026-11-23T11:00"),
        ("2026-11-21T10:00", "2026-11-23T11:00"),
        ("2026-09-20T10:00", "2026-09-20T12:00"),  # a Sunday that is worked
    ],
)
def test_a_major_complaint_is_acknowledged_in_two_working_hours_on_the_same_day(
    received: str, acknowledge: str
) -> None:
    found = service_of(moment(received), MAJOR, HOURS, CALENDAR)
    assert found.acknowledge == moment(acknowledge)
    assert found.escalate[0] == moment(received) + timedelta(hours=24)
