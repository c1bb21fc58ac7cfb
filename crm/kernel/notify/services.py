"""Telling people: a row in the bell at once, a mail when it may go out. Both exactly as often as the act happened."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.audit.values import plain
from crm.kernel.notify import kinds
from crm.kernel.notify.models import Mail, Notice, NoticePreference
from crm.kernel.notify.rules import quiet
from crm.kernel.outbox.services import key_of, schedule
from crm.kernel.parameters.selectors import value
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between

EMAIL, DIGEST = "notify.email", "notify.digest"
# Further than the longest holiday: the calendar that tells when a mail may go.
AHEAD = timedelta(days=20)


@transaction.atomic
def notify(
    *,
    recipient: Person,
    kind: str,
    subject: models.Model,
    url: str,
    data: Mapping[str, Any] | None = None,
    due_at: datetime,
    is_escalation: bool = False,
    by: Viewer,
) -> Notice | None:
    """Tell `recipient` about `subject`; None when that was told before (same kind, subject and `due_at`).

    `url` is a path of ours, where the one click leads. An escalation is mailed at once whatever the preferences and the
    hour. Nothing is recorded of it: the act that caused it is.
    """
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"{url!r} is no path of ours")
    mail = Mail.AT_ONCE if is_escalation else _wanted(recipient, kind)
    object_type, object_id = key_of(subject)
    notice, is_new = Notice.objects.get_or_create(
        kind=kind,
        object_type=object_type,
        object_id=object_id,
        due_at=due_at,
        recipient=recipient,
        defaults={"url": url, "data": plain(data or {}), "is_escalation": is_escalation, "mail": mail},
    )
    if not is_new:
        return None
    if mail == Mail.AT_ONCE:
        schedule(kind=EMAIL, subject=notice, due_at=_mail_time(is_escalation), recipient=recipient)
    elif mail == Mail.DIGEST:
        # One item per person and morning, however many notices there are.
        schedule(kind=DIGEST, subject=recipient, due_at=_digest_time(), recipient=recipient)
    return notice


def _wanted(recipient: Person, kind: str) -> str:
    family = kinds.kind_of(kind).family
    found = NoticePreference.objects.filter(person=recipient, family=family).values_list("mail", flat=True).first()
    return found or Mail.AT_ONCE


def _mail_time(is_escalation: bool) -> datetime:
    now = clock.now()
    if is_escalation:
        return now
    times, days = value("notify.times").value, calendar_between(clock.today(), clock.today() + AHEAD)
    return quiet.next_allowed(
        now.astimezone(clock.SHANGHAI),
        quiet_from=quiet.clock_time(times["quiet_from"]),
        quiet_to=quiet.clock_time(times["quiet_to"]),
        is_workday=lambda day: days.day(day).is_workday,
    )


def _digest_time() -> datetime:
    times, days = value("notify.times").value, calendar_between(clock.today(), clock.today() + AHEAD)
    return quiet.next_digest(
        clock.now().astimezone(clock.SHANGHAI),
        digest_at=quiet.clock_time(times["digest_at"]),
        is_workday=lambda day: days.day(day).is_workday,
    )


@transaction.atomic
def notice_read(*, notice: Notice, by: Viewer) -> Notice:
    """The recipient has seen it, and with it what they were told of the same thing before.

    A second time changes nothing. One's own bell is no business data: no audit row.
    """
    row = permit(Notice, by, "read", pk=notice.pk)
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
        if row.kind not in kinds.single_codes():
            told = Notice.objects.filter(recipient=row.recipient_id, pk__lt=row.pk, read_at__isnull=True)
            of_thing = told.filter(object_type=row.object_type, object_id=row.object_id)
            of_thing.exclude(kind__in=kinds.single_codes()).update(read_at=row.read_at)
    return row


def notices_settle(*, subject: models.Model) -> int:
    """The thing is done: whoever was told of it has nothing left to read; how many notices were unread.

    Called by the act that ends it, in its transaction.
    """
    object_type, object_id = key_of(subject)
    rows = Notice.objects.filter(object_type=object_type, object_id=object_id, read_at__isnull=True)
    return rows.exclude(kind__in=kinds.single_codes()).update(read_at=clock.now())


@transaction.atomic
def notices_read_all(*, by: Viewer) -> int:
    """All of one's own; how many were unread."""
    return Notice.objects.visible_to(by, "read").filter(read_at__isnull=True).update(read_at=clock.now())


@transaction.atomic
def preferences_set(*, person: Person, choices: Mapping[str, str], by: Viewer) -> None:
    """How one wants the mails of each family: `{"todos": "digest", …}`."""
    if by.pk != person.pk:
        raise BadInput(_("Each person sets their own preferences."))
    known = {family.code for family in kinds.families()}
    for family, mail in choices.items():
        if family not in known or mail not in Mail.values:
            raise BadInput(_("This option does not exist."), field=family, code="choice")
        NoticePreference.objects.update_or_create(person=person, family=family, defaults={"mail": mail})
    record("notice.preferences_set", subject=person, by=by, after=dict(choices))
