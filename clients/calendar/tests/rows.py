"""Rows and bodies of this module for the access matrix."""

from typing import Any

from clients.calendar.models import CalendarFeed
from clients.calendar.services import feed_open
from clients.file.models import Client
from crm.kernel.people.models import Person
from crm.tests.assurance.world import World

BODIES: dict[str, Any] = {"clients:calendar_feed": lambda world, situation: {"names_clients": "on"}}


def add_rows(world: World) -> None:
    """The feed of the account manager of `own`, and that of `other`'s."""
    for name in ("own", "other"):
        found = world.situations[name]
        feed_open(names_clients=True, by=found.client.owner)
        found.rows["calendarfeed"] = CalendarFeed.objects.get(person=found.client.owner, revoked_at=None)


def grow(manager: Person, client: Client) -> None:
    """Nothing: a person has one feed."""
