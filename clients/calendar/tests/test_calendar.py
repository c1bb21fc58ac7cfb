"""The calendar: one's own appointments, to-dos and absences by day; what is at one time or on an absence is marked."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clients.calendar.rules.spans import VIEWS, find_overlaps, find_span, step
from clients.calendar.selectors import days_of
from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory
from clients.relations.services import interaction_cancel, promise_add
from clients.relations.tests.factories import planned, visit
from crm.kernel.cover.services import cover_ask, cover_confirm
from crm.kernel.people.models import Person
from crm.kernel.web.testing import FEW, MANY, queries_of
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member

BUDGET = 6
OF_EVERY_REQUEST = 2


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.SHANGHAI)


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def shown(person: Person, **address: str) -> str:
    return browser_for(person).get(reverse("clients:calendar"), address).content.decode()


@given(st.sampled_from(VIEWS), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_next_view_begins_where_this_one_is_left_and_the_one_before_leads_back(view: str, day: date) -> None:
    first, last = find_span(view, day)
    assert first <= day <= last
    after, before = step(view, day, is_next=True), step(view, day, is_next=False)
    assert find_span(view, after)[0] <= last + timedelta(days=1) < find_span(view, after)[1]
    assert find_span(view, before)[1] >= first - timedelta(days=1)
    assert find_span(view, step(view, after, is_next=False)) == (first, last)
    if view != "agenda":
        assert first.weekday() == 0 and last.weekday() == 6


TIMES = st.tuples(st.integers(0, 200), st.integers(1, 30))


@given(st.lists(TIMES, max_size=12))
def test_overlaps_are_those_that_every_pair_compared_would_find(rows: list[tuple[int, int]]) -> None:
    zero = datetime(2026, 12, 1, tzinfo=clock.SHANGHAI)
    times = [
        (key, zero + timedelta(minutes=begin), zero + timedelta(minutes=begin + length))
        for key, (begin, length) in enumerate(rows)
    ]
    expected = {
        key
        for key, start, end in times
        if any(other != key and start < until and since < end for other, since, until in times)
    }
    assert find_overlaps(times) == expected


@pytest.mark.django_db
def test_one_sees_appointments_and_to_dos_on_their_days_and_nobody_elses(owner: Person) -> None:
    client, colleague = ClientFactory(by=owner), cast_member("colleague")
    mine = planned(client, purpose="年度合作沟通", starts_at=at(tomorrow(), 10))
    joined = planned(ClientFactory(by=colleague), by=colleague, purpose="高层会见", starts_at=at(tomorrow(), 11))
    # One that the owner may see and does not take part in.
    co_manager_add(client=client, person=colleague, by=owner)
    theirs = planned(client, by=colleague, purpose="协办人员的约定", starts_at=at(tomorrow(), 13))
    gone = planned(client, purpose="已取消的约定", starts_at=at(tomorrow(), 12))
    interaction_cancel(interaction=gone, reason="客户出差", expected_version=gone.version, by=owner)
    promise = promise_add(interaction=mine, what="提供贷款条件清单", owner=owner, due_on=tomorrow(), by=owner)
    day = next(one for one in days_of(person=owner, first=clock.today(), last=tomorrow()) if one.day == tomorrow())
    assert [entry.kind for entry in day.entries] == ["interaction", "todo"]
    assert day.entries[0].title == mine.title and promise.what in day.entries[1].title
    for view in VIEWS:
        said = shown(owner, view=view, day=tomorrow().isoformat())
        assert mine.title in said and client.name in said and promise.what in said
        assert not any(other.title in said for other in (joined, theirs, gone))
    assert mine.title not in shown(colleague)


@pytest.mark.django_db
def test_what_is_at_one_time_or_on_an_absence_is_marked_here_and_on_its_own_page(owner: Person) -> None:
    client, deputy = ClientFactory(by=owner), cast_member("colleague")
    first = planned(client, purpose="第一场", starts_at=at(tomorrow(), 10), ends_at=at(tomorrow(), 12))
    second = planned(client, purpose="第二场", starts_at=at(tomorrow(), 11))
    third = planned(client, purpose="第三场", starts_at=at(tomorrow(), 12))
    away = tomorrow() + timedelta(days=1)
    fourth = planned(client, purpose="第四场", starts_at=at(away, 9))
    cover = cover_ask(
        person=owner,
        deputy=deputy,
        kind="leave",
        starts_on=away,
        ends_on=away,
        letter_no="授权〔2026〕88号",
        by=owner,
    )
    unconfirmed = {one.day: one.absence for one in days_of(person=owner, first=clock.today(), last=away)}
    assert unconfirmed[away] is None
    cover_confirm(cover=cover, by=cast_member("head"))
    days = {one.day: one for one in days_of(person=owner, first=clock.today(), last=away)}
    marked = {entry.title: (entry.overlaps, entry.is_absent) for one in days.values() for entry in one.entries}
    assert marked == {
        first.title: (True, False),
        second.title: (True, False),
        third.title: (False, False),
        fourth.title: (False, True),
    }
    assert days[away].absence is not None and days[away].absence.deputy == deputy
    browser = browser_for(owner)
    assert "另有约定" in browser.get(second.get_absolute_url()).content.decode()
    said = browser.get(fourth.get_absolute_url()).content.decode()
    assert deputy.name in said and "不在岗" in said
    assert "另有约定" not in browser.get(third.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_meeting_of_several_days_stands_on_each_and_not_on_the_day_it_ends_at_midnight(owner: Person) -> None:
    client, begin = ClientFactory(by=owner), tomorrow()
    planned(client, kind="forum", starts_at=at(begin, 14), ends_at=at(begin + timedelta(days=2), 0))
    days = days_of(person=owner, first=begin + timedelta(days=1), last=begin + timedelta(days=2))
    assert [len(one.entries) for one in days] == [1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["gestern", "2026-02-30", "0001-01-01", "9999-12-31", ""])
def test_an_address_that_names_no_day_or_view_shows_this_month(owner: Person, day: str) -> None:
    assert clock.today().strftime("%Y-%m") in shown(owner, view="decade", day=day)


@pytest.mark.django_db
def test_a_day_of_the_calendar_opens_the_form_for_a_plan(owner: Person) -> None:
    form = browser_for(owner).get(reverse("clients:interaction_create"), {"day": tomorrow().isoformat()})
    initial = form.context["form"].initial
    assert (initial["state"], initial["starts_at"]) == ("planned", at(tomorrow(), 9))


@pytest.mark.django_db
def test_three_and_thirty_rows_cost_the_same_queries(owner: Person) -> None:
    assistant: Any = cast_member("colleague")
    cover = cover_ask(
        person=owner,
        deputy=assistant,
        kind="trip",
        starts_on=tomorrow(),
        ends_on=tomorrow(),
        letter_no="授权〔2026〕89号",
        by=owner,
    )
    cover_confirm(cover=cover, by=cast_member("head"))
    browser, made = browser_for(owner), 0
    for rows in (FEW, MANY):
        while made < rows:
            client = ClientFactory(by=owner)
            planned(client)
            row = visit(client, next_on=tomorrow(), next_what="再访")
            promise_add(interaction=row, what="提供清单", owner=owner, due_on=tomorrow(), by=owner)
            made += 1
        for view in VIEWS:
            address = f"{reverse('clients:calendar')}?view={view}"
            asked = [sql for sql in queries_of(browser, address) if not sql.startswith('UPDATE "django_session"')]
            assert len(asked) <= BUDGET + OF_EVERY_REQUEST, (view, rows, asked)
