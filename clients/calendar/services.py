"""Opening and revoking one's calendar feed."""

import secrets
from datetime import timedelta

from django.db import transaction

from clients.calendar.models import CalendarFeed
from clients.calendar.selectors import digest_of
from crm.kernel.access.checks import require
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

TOKEN_BYTES = 32
# A mail program asks every few minutes; the last reading is kept by the hour.
READ_KEPT_EVERY = timedelta(hours=1)


@transaction.atomic
def feed_open(*, names_clients: bool, by: Person) -> str:
    """Open a feed of one's own and answer its token, which nobody can read again; a former one ends."""
    require(by, "create", CalendarFeed)
    feed_revoke(by=by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(person=by, digest=digest_of(token), names_clients=names_clients)
    record("calendar.feed_opened", subject=feed, by=by, data={"names_clients": names_clients})
    return token


@transaction.atomic
def feed_revoke(*, by: Person) -> None:
    """End one's feed, if there is one: its address answers 404 from now on."""
    Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    for feed in CalendarFeed.objects.visible_to(by, "revoke").filter(revoked_at__isnull=True):
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at"])
        record("calendar.feed_revoked", subject=feed, by=by)


def feed_note_read(*, feed: CalendarFeed, by: Person) -> None:
    """Keep when `by`, whose feed it is, had it read, by the hour."""
    now = clock.now()
    if feed.last_read_at is None or now - feed.last_read_at >= READ_KEPT_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk, person=by).update(last_read_at=now)
