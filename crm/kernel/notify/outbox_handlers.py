"""Mails that are due. The claim is committed before, the mark after: a crash in between repeats one mail at most, and
its Message-ID tells the reader's mail program that it is the same one.
"""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from crm.kernel.audit.context import SYSTEM
from crm.kernel.notify import kinds
from crm.kernel.notify.models import Mail, Notice
from crm.kernel.notify.notices import ENDING_KEY, RIGHTS
from crm.kernel.notify.services import DIGEST, EMAIL, notify
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem
from crm.kernel.people.models import ApiKey, Person
from crm.kernel.people.services import KEY_ENDS, RIGHTS_CHANGED
from crm.kernel.workdays import clock

# With the longest wait of an hour: a relay that is down over a long weekend loses no mail.
TRIES = 100


@handles(EMAIL, tries=TRIES)
def send_notice(item: DueItem) -> None:
    """One notice. Read meanwhile: not sent, save an escalation."""
    notice = Notice.objects.select_related("recipient").filter(pk=item.object_id).first()
    if notice is None or notice.mailed_at or (notice.read_at and not notice.is_escalation):
        return
    if not kinds.kind_of(notice.kind).still_meant(notice):
        return
    with override(_language_of(notice.recipient)):
        if _send(notice.recipient, notice.title, [notice], ident=f"notice-{notice.pk}"):
            Notice.objects.filter(pk=notice.pk).update(mailed_at=clock.now())


@handles(DIGEST, tries=TRIES)
def send_digest(item: DueItem) -> None:
    """All that a person wants together and has not read."""
    person = Person.objects.filter(pk=item.object_id).first()
    waiting = Notice.objects.filter(
        recipient=person, mail=Mail.DIGEST, mailed_at__isnull=True, read_at__isnull=True, created_at__lte=item.due_at
    )
    rows = waiting.order_by("created_at", "id")
    notices = [notice for notice in rows if kinds.kind_of(notice.kind).still_meant(notice)]
    if person is None or not notices:
        return
    with override(_language_of(person)):
        count = len(notices)
        title = ngettext("%(count)d notice", "%(count)d notices", count) % {"count": count}
        if _send(person, title, notices, ident=f"digest-{item.pk}"):
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=clock.now())


def _language_of(person: Person) -> str:
    found = person.accounts.filter(is_active=True).order_by("pk").values_list("language", flat=True).first()
    return found or settings.LANGUAGE_CODE


def _send(person: Person, title: str, notices: list[Notice], *, ident: str) -> bool:
    """Whether there was an address to send to."""
    if not person.email or not person.is_active:
        return False
    lines = [f"{notice.title}\n{settings.SITE_URL}{notice.url}" for notice in notices]
    body = "\n\n".join([*lines, _("Which notices come by e-mail: %(url)s") % {"url": _preferences_url()}])
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    subject = " ".join(f"[{_('Sanshen')}] {title}".split())
    message = EmailMessage(subject, body, to=[person.email], headers={"Message-ID": f"<{ident}@{domain}>"})
    message.send()
    return True


def _preferences_url() -> str:
    return f"{settings.SITE_URL}/notices/preferences/"


@handles(RIGHTS_CHANGED)
def tell_of_rights(item: DueItem) -> None:
    """A person hears what was done to their account, place or keys, and by whom."""
    person = item.recipient
    if person is None or not person.is_active:
        return
    notify(
        recipient=person,
        kind=RIGHTS,
        subject=person,
        url=reverse("home:my_day"),
        data=item.data,
        # One notice for each thing that was done, also of one moment.
        due_at=item.due_at + timedelta(microseconds=item.pk % 1_000_000),
        by=SYSTEM,
    )


@handles(KEY_ENDS)
def tell_of_ending_key(item: DueItem) -> None:
    """Whom a key acts for hears that it will end, unless it was revoked meanwhile."""
    key = ApiKey.objects.filter(pk=item.object_id, revoked_at__isnull=True).first()
    person = item.recipient
    if key is None or key.expires_at is None or person is None or not person.is_active:
        return
    data = {"name": key.name, "day": timezone.localtime(key.expires_at).date().isoformat()}
    url = reverse("home:my_day")
    notify(recipient=person, kind=ENDING_KEY, subject=person, url=url, data=data, due_at=item.due_at, by=SYSTEM)
