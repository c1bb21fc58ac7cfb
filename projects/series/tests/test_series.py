"""Series: their meetings come into the calendar, a missed one alarms on its day, and people say why."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from clients.calendar.selectors import appointments_of
from clients.file.models import Contact
from clients.file.tests.factories import ClientFactory
from clients.relations.models import Interaction
from clients.relations.services import interaction_cancel, interaction_hold
from clients.relations.tests.factories import WORDS
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused, Stale
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.series.models import Series, SeriesPeriod
from projects.series.services import (
    period_arrange,
    period_explain,
    series_alarm,
    series_change,
    series_end,
    series_lay_out,
)
from projects.series.services.alarms import DUE_TODO, MISSED_TODO
from projects.series.tests.factories import quarterly, weekly

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 21)  # the week before the one that runs into the national holiday


@pytest.fixture
def owner(db: Any) -> Person:
    """The account manager; head and colleague work here since that day too."""
    with clock.at(MONDAY - timedelta(days=7)):
        cast_member("head")
        cast_member("colleague")
        return cast_member("owner")


@pytest.fixture
def kept(owner: Person) -> Any:
    with clock.at(MONDAY):
        return ClientFactory(by=owner)


def night(day: date) -> dict[str, int]:
    with clock.at(day):
        series_lay_out(by=SYSTEM)
        return series_alarm(by=SYSTEM)


def todos(kind: str) -> list[Todo]:
    return list(Todo.objects.filter(kind=kind, done_at__isnull=True).select_related("owner"))


def hold(period: SeriesPeriod, *, people: list[Person] | None = None) -> Interaction:
    """Its meeting was held at the time of the clock, minutes written."""
    meeting = period.appointment
    assert meeting is not None
    given: dict[str, Any] = {} if people is None else {"people": people}
    return interaction_hold(
        interaction=meeting,
        expected_version=meeting.version,
        by=meeting.client.owner,
        words=WORDS,
        starts_at=clock.now() - timedelta(minutes=5),
        **given,
    )


def test_a_series_puts_its_next_meetings_into_the_calendar_with_who_must_be_there(kept: Any, owner: Person) -> None:
    contact = Contact.objects.create(client=kept, name="沈亦舟", title="财务总监")
    colleague = cast_member("colleague")
    with clock.at(MONDAY):
        series = weekly(kept, people=[owner, colleague], contacts=[contact], place="项目部会议室")
        periods = list(series.periods.order_by("first_on"))
        # 9-22, then Tuesday before the holiday, then the first working day after it.
        assert [one.meet_on for one in periods] == [
            date(2026, 9, 22),
            date(2026, 9, 29),
            date(2026, 10, 8),
            date(2026, 10, 13),
        ]
        meeting = periods[0].appointment
        assert meeting is not None
        assert (meeting.purpose, meeting.kind, meeting.place) == (series.title, "meeting", "项目部会议室")
        assert meeting.starts_at == datetime(2026, 9, 22, 10, tzinfo=clock.SHANGHAI)
        assert {line.name for line in meeting.participants.all()} == {owner.name, colleague.name, contact.name}
        found = appointments_of(owner, MONDAY, MONDAY + timedelta(days=6))
        assert [row.pk for row in found] == [meeting.pk]
        assert series_lay_out(by=SYSTEM) == 0, "a second run adds nothing"
    with clock.at(MONDAY + timedelta(days=7)):
        assert series_lay_out(by=SYSTEM) == 1
    event = AuditEvent.objects.get(action="series.started")
    assert event.data["client"] == kept.pk and event.person_name == owner.name


def test_a_missed_week_alarms_on_the_next_working_day_until_it_is_explained(kept: Any, owner: Person) -> None:
    with clock.at(MONDAY):
        series = weekly(kept)
    with clock.at(date(2026, 9, 23)):
        hold(series.periods.select_related("appointment__client__owner").get(first_on=MONDAY))
    # The week of 9-28: its Sunday is 10-4, and until 10-7 nobody works.
    assert night(date(2026, 10, 7))["red"] == 0 and todos(MISSED_TODO) == []
    assert night(date(2026, 10, 8))["red"] == 1
    assert night(date(2026, 10, 8)) == {"amber": 0, "red": 0, "closed": 0}, "twice is once"
    (todo,) = todos(MISSED_TODO)
    assert (todo.owner, todo.due_on) == (owner, date(2026, 10, 9))
    missed = series.periods.get(first_on=date(2026, 9, 28))
    assert todo.object_id == str(missed.pk)
    assert AuditEvent.objects.filter(action="series.meeting_missing", subject_id=str(series.pk)).count() == 1
    with clock.at(date(2026, 10, 9)):
        with pytest.raises(BadInput):
            period_explain(period=missed, reason="忙", by=owner)
        with pytest.raises(NotPermitted):
            period_explain(period=missed, reason="客户停产检修", by=cast_member("head"))
        period_explain(period=missed, reason="客户停产检修，会议顺延至节后", by=owner)
        assert todos(MISSED_TODO) == []
        with pytest.raises(Conflict):
            period_explain(period=missed, reason="再说一次原因", by=owner)
    assert night(date(2026, 10, 10))["red"] == 0


def test_a_quarter_is_amber_on_day_75_and_red_on_its_last_day_until_an_executive_was_there(
    kept: Any, owner: Person
) -> None:
    head = cast_member("head")
    with clock.at(date(2026, 10, 12)):
        series = quarterly(kept)
    period = series.periods.get(first_on=date(2026, 10, 1))
    assert (period.meet_on, period.amber_on, period.red_on) == (
        date(2026, 11, 16),
        date(2026, 12, 14),
        date(2026, 12, 31),
    )
    night(date(2026, 12, 13))
    assert todos(DUE_TODO) == []
    assert night(date(2026, 12, 14))["amber"] == 1
    (todo,) = todos(DUE_TODO)
    assert (todo.owner, todo.due_on) == (owner, date(2026, 12, 31))
    with clock.at(date(2026, 12, 20)):
        hold(SeriesPeriod.objects.select_related("appointment__client__owner").get(pk=period.pk), people=[])
        assert len(todos(DUE_TODO)) == 1, "without the executive it does not count"
    night(date(2026, 12, 30))
    period.refresh_from_db()
    assert period.level == "amber"
    assert night(date(2026, 12, 31))["red"] == 1
    assert len(todos(MISSED_TODO)) == 1 and todos(DUE_TODO) == []
    with clock.at(date(2026, 12, 31)):
        # The second dialogue of the quarter, the executive present: closed in the same moment.
        SeriesPeriod.objects.filter(pk=period.pk).update(appointment=None)
        again = SeriesPeriod.objects.get(pk=period.pk)
        starts = datetime(2026, 12, 31, 18, tzinfo=clock.SHANGHAI)
        again = period_arrange(period=again, starts_at=starts, by=owner)
        hold(again, people=[head])
        period.refresh_from_db()
        assert period.level == "" and todos(MISSED_TODO) == []


def test_the_meeting_of_a_period_is_arranged_anew_within_it_once_it_was_cancelled(kept: Any, owner: Person) -> None:
    with clock.at(MONDAY):
        series = weekly(kept)
        period = series.periods.select_related("appointment").get(first_on=MONDAY)
        starts = datetime(2026, 9, 24, 9, tzinfo=clock.SHANGHAI)
        with pytest.raises(Conflict):
            period_arrange(period=period, starts_at=starts, by=owner)
        interaction_cancel(interaction=period.appointment, reason="客户出差", expected_version=1, by=owner)
        with pytest.raises(RuleRefused):
            period_arrange(period=period, starts_at=starts + timedelta(days=7), by=owner)
        again = period_arrange(period=period, starts_at=starts, by=owner)
        assert again.appointment is not None and again.meet_on == date(2026, 9, 24)


def test_what_contradicts_itself_is_refused_with_field_and_reason(kept: Any, owner: Person) -> None:
    with clock.at(MONDAY):
        other = ClientFactory(by=owner)
    foreign = Contact.objects.create(client=other, name="外人")
    left = cast_member("colleague")
    Person.objects.filter(pk=left.pk).update(is_active=False)
    left.refresh_from_db()
    with clock.at(MONDAY):
        for facts, field in (
            ({"weekday": None}, "weekday"),
            ({"title": "会"}, "title"),
            ({"contacts": [foreign]}, "contacts"),
            ({"people": [left]}, "people"),
            ({"kind": "quarterly", "weekday": None}, "people"),
            ({"kind": "yearly", "weekday": 3}, "weekday"),
        ):
            with pytest.raises(BadInput) as refused:
                weekly(kept, **facts)
            assert field in refused.value.errors
        weekly(kept)
        with pytest.raises(Conflict):
            weekly(kept)
        with pytest.raises(NotPermitted):
            weekly(kept, by=cast_member("head"))
        with pytest.raises(NotPermitted):
            series_lay_out(by=owner)
        with pytest.raises(NotPermitted):
            series_alarm(by=owner)


def test_a_change_is_for_the_next_meetings_and_an_end_cancels_the_planned_ones(kept: Any, owner: Person) -> None:
    with clock.at(MONDAY):
        series = weekly(kept)
        changed = series_change(series=series, changes={"at": time(14)}, expected_version=1, by=owner)
        assert changed.at == time(14)
        with pytest.raises(Stale):
            series_change(series=series, changes={"at": time(15)}, expected_version=1, by=owner)
    with clock.at(MONDAY + timedelta(days=7)):
        series_lay_out(by=SYSTEM)
        last = series.periods.select_related("appointment").latest("first_on")
        assert last.appointment is not None
        assert last.appointment.starts_at.astimezone(clock.SHANGHAI).time() == time(14)
        series_end(series=series, reason="项目竣工", expected_version=2, by=owner)
        assert not Interaction.objects.filter(client=kept, state="planned").exists()
        with pytest.raises(Conflict):
            series_end(series=series, reason="再结束一次", expected_version=3, by=owner)
    assert night(date(2026, 10, 12))["red"] == 0, "what has ended alarms no more"


def test_list_page_panel_and_api_show_the_series_its_meetings_and_its_agenda(kept: Any, owner: Person) -> None:
    with clock.at(MONDAY):
        series = weekly(kept, agenda="节点进度\n下周计划")
        page = browser_for(owner)
        assert series.title in page.get(reverse("projects:series_list")).content.decode()
        said = page.get(series.get_absolute_url()).content.decode()
        assert "节点进度" in said and "周二" in said
        panel = page.get(reverse("projects:series_panel", args=[kept.pk]), headers={"HX-Request": "true"})
        assert series.title in panel.content.decode()
        rows = api_for(owner).get(f"/api/v1/series/?client={kept.pk}").json()["results"]
        assert [(row["id"], row["kind"], row["weekday"]) for row in rows] == [(series.pk, "weekly", 2)]
        told = api_for(owner).get(f"/api/v1/series-periods/?series={series.pk}").json()["results"]
        assert {row["state"] for row in told} == {"planned"} and len(told) == 4
        form = {"client": kept.pk, "kind": "quarterly", "title": "季度高层对话", "at": "15:00", "weekday": ""}
        refused = page.post(reverse("projects:series_create"), form)
        assert refused.status_code == 400 or "请" in refused.content.decode()
        made = page.post(reverse("projects:series_create"), {**form, "colleague": cast_member("head").pk})
        assert made.status_code == 302 and Series.objects.filter(client=kept).count() == 2
