"""Opening and revoking one's calendar feed, and finding the person that a token stands for."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction

from clients.calendar.models import CalendarFeed
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
    feed = CalendarFeed.objects.create(person=by, digest=_digest(token), names_clients=names_clients)
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


def feed_find(token: str) -> CalendarFeed | None:
    """The living feed of a token, of somebody who may still sign in; notes that it was read."""
    rows = CalendarFeed.objects.filter(digest=_digest(token), revoked_at__isnull=True)
    feed = rows.select_related("person").first()
    if feed is None or not feed.person.is_active:
        return None
    now = clock.now()
    if feed.last_read_at is None or now - feed.last_read_at >= READ_KEPT_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
    return feed


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
