"""Who and what the keys in the trail are: linked names where the reader may see the row, else the key as it stands."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.kernel.access.policies import Viewer
from crm.kernel.audit.models import AuditEvent
from crm.kernel.declarations.acts import SUBJECTS, act_of
from crm.kernel.text.sentences import between

# Of which model, by which of its fields, which value.
Key = tuple[type[Model], str, Any]


class Names:
    """The names behind the keys of `events`, as `viewer` may know them: one query for each model, however many keys."""

    def __init__(self, events: Iterable[AuditEvent], *, viewer: Viewer) -> None:
        wanted: dict[tuple[type[Model], str], set[Any]] = {}
        for event in events:
            keys = [key for key in [_subject(event)] if key]
            for kept, of_subject in ((event.data, False), (event.before, True), (event.after, True)):
                for name, value in (kept or {}).items():
                    keys += _keys(event, name, value, of_subject=of_subject)
            for model, field, value in keys:
                wanted.setdefault((model, field), set()).add(value)
        self._rows: dict[Key, Model] = {}
        for (model, field), values in wanted.items():
            known_to_all = SUBJECTS[model._meta.label_lower].known_to_all
            rows = model._base_manager.all() if known_to_all else model.objects.visible_to(viewer)  # type: ignore[attr-defined]
            found = rows.filter(**{f"{field}__in": values}).order_by()
            self._rows |= {(model, field, getattr(row, field)): row for row in found}

    def shown(self, event: AuditEvent, name: str, value: Any, *, of_subject: bool) -> SafeString | None:
        """What an event keeps under `name`, as names; None if that is no key. `of_subject`: in before or after."""
        keys = _keys(event, name, value, of_subject=of_subject)
        return format_html_join(between(), "{}", ((self._one(key),) for key in keys)) if keys else None

    def subject(self, event: AuditEvent) -> SafeString:
        """The subject's name as it was then, linked where it may be opened now."""
        key = _subject(event)
        return _linked(self._rows.get(key) if key else None, subject_word(event))

    def _one(self, key: Key) -> SafeString:
        row = self._rows.get(key)
        return _linked(row, str(key[2] if row is None else row))


def subject_word(event: Any) -> str:
    """What it was about, by its name of then."""
    subject = SUBJECTS.get(event.subject_type)
    name = str(event.subject_name)
    return subject.say_name(name) if subject else name


def _subject(event: AuditEvent) -> Key | None:
    """The key of the subject, where its row may be opened by some and not by others."""
    subject = SUBJECTS.get(event.subject_type)
    if subject is None or subject.known_to_all or not event.subject_id.isdigit():
        return None
    return subject.model, "pk", int(event.subject_id)


def _meant(event: AuditEvent, name: str, *, of_subject: bool) -> tuple[type[Model], str] | None:
    """Of which model, and by which field, a value kept under `name` is the key; None when it is none."""
    related = _related(event.subject_type, name) if of_subject else None
    if related is not None and related._meta.label_lower in SUBJECTS:
        return related, "pk"
    kept = act_of(event.action).kept(name)
    subject = SUBJECTS.get(kept.model.lower())
    return (subject.model, kept.key) if subject else None


def _related(label: str, name: str) -> type[Model] | None:
    """The model that a field of the subject points to."""
    app, _dot, model = label.partition(".")
    try:
        related = apps.all_models[app][model]._meta.get_field(name).related_model
    except (KeyError, FieldDoesNotExist):
        return None
    return related if isinstance(related, type) else None


def _keys(event: AuditEvent, name: str, value: Any, *, of_subject: bool) -> list[Key]:
    """The keys in a kept value; none if it is something else: a path, a hash, nothing."""
    meant = _meant(event, name, of_subject=of_subject)
    if meant is None or value in (None, "", []):
        return []
    model, field = meant
    kept_in = model._meta.pk if field == "pk" else model._meta.get_field(field)
    kind = str if isinstance(kept_in, CharField) else int
    found = value if isinstance(value, list) else [value]
    return [(model, field, one) for one in found] if all(type(one) is kind for one in found) else []


def _linked(row: Model | None, text: str) -> SafeString:
    address = getattr(row, "get_absolute_url", None)
    return format_html('<a href="{}">{}</a>', address(), text) if address else format_html("{}", text)
