"""The feed of one's appointments: read by another library the same events, revoked or unknown it is not found."""

from datetime import timedelta
from typing import Any

import pytest
import vobject
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from icalendar import Calendar

from clients.calendar import services
from clients.calendar.models import CalendarFeed
from clients.file.tests.factories import ClientFactory
from clients.relations.tests.factories import planned as plan
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db


def planned(*, by: Person, **facts: Any) -> Any:
    """An appointment of the person with a client of theirs."""
    return plan(ClientFactory(by=by), by=by, **facts)


def read(token: str) -> Any:
    return Browser().get(reverse("clients:calendar_ics", args=[token]))


def events(token: str) -> list[Any]:
    """The events as a library reads them that did not write them."""
    calendar = vobject.readOne(read(token).content.decode())
    return list(calendar.contents.get("vevent", []))


def test_another_library_reads_the_same_appointments_with_zone_and_alarm(owner: Person) -> None:
    starts = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    row = planned(by=owner, starts_at=starts, ends_at=starts + timedelta(minutes=90), place="平湖市工业大道 8 号")
    (event,) = events(services.feed_open(names_clients=True, by=owner))
    assert event.summary.value == f"{row.get_kind_display()} · {row.client.name}"
    assert event.dtstart.value == row.starts_at and event.dtend.value == row.ends_at
    assert event.dtstart.value.utcoffset() == timedelta(hours=8)
    assert event.location.value == "平湖市工业大道 8 号"
    assert event.url.value.endswith(row.get_absolute_url())
    assert event.valarm.trigger.value == timedelta(minutes=-30)
    own = Calendar.from_ical(read(services.feed_open(names_clients=True, by=owner)).content)
    assert [str(one["summary"]) for one in own.walk("VEVENT")] == [event.summary.value]


def test_without_names_it_tells_kind_and_time_only(owner: Person) -> None:
    row = planned(by=owner, place="平湖市工业大道 8 号")
    answer = read(services.feed_open(names_clients=False, by=owner))
    text = answer.content.decode()
    assert row.client.name not in text and "平湖" not in text and row.get_kind_display() in text
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_tells_the_appointments_of_its_person_only(owner: Person, colleague: Person) -> None:
    planned(by=owner)
    assert events(services.feed_open(names_clients=True, by=colleague)) == []


def test_revoked_replaced_or_unknown_it_is_not_found(owner: Person) -> None:
    first = services.feed_open(names_clients=False, by=owner)
    second = services.feed_open(names_clients=False, by=owner)
    assert (read(first).status_code, read(second).status_code, read("x" * 43).status_code) == (404, 200, 404)
    services.feed_revoke(by=owner)
    assert read(second).status_code == 404
    services.feed_revoke(by=owner)
    told = AuditEvent.objects.filter(action__startswith="calendar.").values_list("action", flat=True)
    assert sorted(told) == ["calendar.feed_opened"] * 2 + ["calendar.feed_revoked"] * 2


def test_who_left_has_no_feed(owner: Person) -> None:
    token = services.feed_open(names_clients=False, by=owner)
    Person.objects.filter(pk=owner.pk).update(is_active=False)
    assert read(token).status_code == 404


def test_the_token_is_kept_nowhere_and_one_feed_lives(owner: Person) -> None:
    token = services.feed_open(names_clients=False, by=owner)
    feed = CalendarFeed.objects.get()
    assert token not in str(CalendarFeed.objects.values()) and token not in str(AuditEvent.objects.values())
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(person=owner, digest="0" * 64)
    assert feed.last_read_at is None
    read(token)
    feed.refresh_from_db()
    assert feed.last_read_at is not None


def test_the_page_shows_the_address_once_and_ends_it(owner: Person) -> None:
    page, address = browser_for(owner), reverse("clients:calendar_feed")
    opened = page.post(address, {"names_clients": "on"})
    shown = opened.context["address"]
    assert shown.endswith(".ics") and shown in opened.content.decode()
    assert read(shown.rpartition("/")[2].removesuffix(".ics")).status_code == 200
    assert shown not in page.get(address).content.decode()
    page.post(address, {"revoke": "1"})
    assert not CalendarFeed.objects.filter(revoked_at__isnull=True).exists()
