"""Who and what the keys in the trail are: linked names where the reader may see the row, else the key as it stands."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from clients.file.models import Client, Industry, Region
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Department, Person, Post
from crm.kernel.text.sentences import between
from projects.deals.models import Project
from risk.indicators.models import Indicator, WarningEpisode
from risk.reviews.models import ReviewCase

# Of these the name is known to everybody; of those below to whoever sees the row.
KNOWN_TO_ALL: frozenset[type[Model]] = frozenset({Department, Industry, Person, Post, Region})
SEEN: frozenset[type[Model]] = frozenset({Client, Project, ReviewCase, WarningEpisode})
# What an event keeps under a name that is no field of its subject: the key of which row, or the keys.
KEPT: dict[str, type[Model]] = {
    "assistant": Person,
    "client": Client,
    "given_to": Person,
    "lead": Person,
    "owner": Person,
    "person": Person,
    "project": Project,
    "taken": Person,
}
# A case is kept by its number.
CASE = "case"
Key = tuple[type[Model], Any]


class Names:
    """The names behind the keys of `events`, as `viewer` may know them: at most one query a model, however many."""

    def __init__(self, events: Iterable[AuditEvent], *, viewer: Viewer) -> None:
        wanted: dict[type[Model], set[Any]] = {}
        numbers: set[str] = set()
        for event in events:
            keys = [_subject(event)]
            for kept in (event.data, event.before, event.after):
                for name, value in (kept or {}).items():
                    keys += _keys(event.subject_type, name, value)
                    if name == CASE and isinstance(value, str):
                        numbers.add(value)
            for model, pk in filter(None, keys):
                wanted.setdefault(model, set()).add(pk)
        self._rows: dict[Key, Model] = {}
        for model, pks in wanted.items():
            rows = model._base_manager.all() if model in KNOWN_TO_ALL else model.objects.visible_to(viewer)  # type: ignore[attr-defined]
            self._rows |= {(model, row.pk): row for row in rows.filter(pk__in=pks).order_by()}
        if numbers:
            cases = ReviewCase.objects.visible_to(viewer).filter(number__in=numbers)
            self._rows |= {(ReviewCase, case.number): case for case in cases.order_by()}

    def shown(self, label: str, name: str, value: Any) -> SafeString | None:
        """What an event about a `label` keeps under `name`, as names; None if that is no key."""
        is_case = name == CASE and isinstance(value, str)
        keys: list[Key] = [(ReviewCase, value)] if is_case else _keys(label, name, value)
        return format_html_join(between(), "{}", ((self._one(key),) for key in keys)) if keys else None

    def subject(self, event: AuditEvent) -> SafeString:
        """The subject's name as it was then, linked where it may be opened now."""
        key = _subject(event)
        return _linked(self._rows.get(key) if key else None, subject_word(event))

    def _one(self, key: Key) -> SafeString:
        row = self._rows.get(key)
        return _linked(row, str(key[1] if row is None else row))


def subject_word(event: Any) -> str:
    """What it was about, by its name of then; a warning's code in words."""
    name = str(event.subject_name)
    if event.subject_type != WarningEpisode._meta.label_lower:
        return name
    code, _dot, client = name.partition(" · ")
    return gettext("%(warning)s · client no. %(client)s") % {
        "warning": dict(Indicator.choices).get(code, code),
        "client": client,
    }


def _subject(event: AuditEvent) -> Key | None:
    for model in SEEN:
        if event.subject_type == model._meta.label_lower and event.subject_id.isdigit():
            return model, int(event.subject_id)
    return None


def _model(label: str, name: str) -> type[Model] | None:
    """Of which model a value kept under `name` is the key."""
    app, _dot, model = label.partition(".")
    try:
        found = apps.all_models[app][model]._meta.get_field(name).related_model
    except (KeyError, FieldDoesNotExist):
        found = None
    return found if found in KNOWN_TO_ALL | SEEN else KEPT.get(name)


def _keys(label: str, name: str, value: Any) -> list[Key]:
    """The keys in a kept value; none if it is something else: a path, a hash, nothing."""
    model = _model(label, name)
    if model is None or value in (None, "", []):
        return []
    kind = str if isinstance(model._meta.pk, CharField) else int
    found = value if isinstance(value, list) else [value]
    return [(model, one) for one in found] if all(type(one) is kind for one in found) else []


def _linked(row: Model | None, text: str) -> SafeString:
    address = getattr(row, "get_absolute_url", None)
    return format_html('<a href="{}">{}</a>', address(), text) if address else format_html("{}", text)
