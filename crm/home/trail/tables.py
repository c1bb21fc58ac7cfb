from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.home.trail.names import subject_word
from crm.home.trail.words import action_word, door_word, who_word
from crm.kernel.web.tables import BadgeColumn, CodeColumn, DateColumn, KernelTable, NameColumn, TextColumn


def _url(event: Any) -> str:
    return reverse("home:audit_detail", args=[event.pk])


def _code(event: Any) -> str:
    return str(event.action)


class ActionColumn(NameColumn):
    """The act in words; its code, which the filter takes, below."""

    def render(self, value: Any, record: Any) -> Any:
        return super().render(action_word(value), record)


class WhoColumn(TextColumn):
    """Who acted; the system itself in words."""

    def render(self, value: Any, record: Any) -> str:
        return who_word(record)


class SubjectColumn(TextColumn):
    """What it was about."""

    def render(self, value: Any, record: Any) -> str:
        return subject_word(record)


class DoorColumn(TextColumn):
    """The entry point in words."""

    def render(self, value: Any) -> str:
        return door_word(value)


class SealColumn(BadgeColumn):
    """Whether the row is sealed."""

    def render(self, value: Any, record: Any) -> Any:
        return super().render("sealed" if hasattr(record, "seal") else "unsealed", record)


class AuditEventTable(KernelTable):
    """Who did what to which thing, when, and whether the row is sealed."""

    is_narrow = False

    action = ActionColumn(verbose_name=_("Action"), url=_url, second=_code)
    at = DateColumn(verbose_name=_("Time"), full=True)
    person_name = WhoColumn(verbose_name=_("Person"))
    account_name = TextColumn(verbose_name=_("Account"), phone="hide")
    subject_name = SubjectColumn(verbose_name=_("Subject"))
    outcome = BadgeColumn(verbose_name=_("Outcome"), status="audit")
    door = DoorColumn(verbose_name=_("Entry point"), phone="hide")
    request_id = CodeColumn(verbose_name=_("Request"), phone="hide")
    sealed = SealColumn(verbose_name=_("Seal"), status="audit", accessor="pk", phone="hide")
