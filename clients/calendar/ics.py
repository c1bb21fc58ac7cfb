"""Appointments as an iCalendar file (RFC 5545) in the zone of the institution, with alarms."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from clients.relations.models import Interaction
from crm.kernel.workdays import clock

# An appointment without an end takes an hour; who plans is reminded half an hour before.
USUAL, REMIND = timedelta(hours=1), timedelta(minutes=30)
# How often programs should ask again.
REFRESH = timedelta(minutes=30)


def write_calendar(rows: Iterable[Interaction], *, names_clients: bool) -> bytes:
    """The file. Without `names_clients` it tells kind and time only: neither client nor place nor a word of it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sanshen//appointments//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Sanshen appointments"))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for row in rows:
        calendar.add_component(_write_event(row, names_clients=names_clients))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _write_event(row: Interaction, *, names_clients: bool) -> Event:
    event, start = Event(), row.starts_at.astimezone(clock.SHANGHAI)
    kind = row.get_kind_display()
    event.add("uid", f"interaction-{row.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", clock.now())
    event.add("sequence", row.version)
    event.add("summary", f"{kind} · {row.client.name}" if names_clients else kind)
    event.add("dtstart", start)
    event.add("dtend", row.ends_at.astimezone(clock.SHANGHAI) if row.ends_at else start + USUAL)
    event.add("url", f"{settings.SITE_URL}{row.get_absolute_url()}")
    event.add("class", "PRIVATE")
    if names_clients and row.place:
        event.add("location", row.place)
    if row.state == Interaction.State.PLANNED:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event["summary"])
        alarm.add("trigger", -REMIND)
        event.add_component(alarm)
    return event
