"""What the codes of the audit trail mean, in the reader's language. A code without a word stands for itself."""

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DecimalField, Field
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.home.trail.names import Names
from crm.kernel.audit.context import Door
from crm.kernel.declarations.acts import act_of
from crm.kernel.people.roles import Role
from crm.kernel.text.numbers import MISSING, figure
from crm.kernel.text.sentences import listed

DOORS = {
    Door.PAGE: pgettext_lazy("entry point", "page"),
    Door.API: pgettext_lazy("entry point", "API"),
    Door.ADMIN: pgettext_lazy("entry point", "admin site"),
    Door.IMPORT: pgettext_lazy("entry point", "import"),
    Door.TASK: pgettext_lazy("entry point", "task"),
    Door.COMMAND: pgettext_lazy("entry point", "command"),
}

# Who acts without being a person of the register.
NOBODY = {
    "system": _("System"),
    "visitor": _("Visitor"),
}


def action_word(code: str) -> str:
    """The act in words."""
    return str(act_of(code).label)


def who_word(event: Any) -> str:
    """Who acted: a person by name, the system and its visitors in words."""
    name = str(event.person_name)
    return str(NOBODY.get(name, name)) if event.person_id is None else name


def door_word(code: str) -> str:
    """The entry point in words."""
    return str(DOORS[Door(code)]) if code in DOORS else code


def roles_words(codes: str) -> str:
    """Roles as the trail keeps them, divided by commas, in words."""
    known = dict(Role.choices)
    return listed(known.get(code, code) for code in codes.split(",") if code)


def model_word(label: str) -> str:
    """The kind of a subject, kept as the model's label, in words."""
    app, _dot, name = label.partition(".")
    return str(apps.all_models[app][name]._meta.verbose_name) if name in apps.all_models.get(app, ()) else label


def _field(label: str, name: str) -> "Field[Any, Any] | None":
    app, _dot, model = label.partition(".")
    try:
        found = apps.all_models[app][model]._meta.get_field(name)
    except (KeyError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None


def field_word(event: Any, name: str) -> str:
    """A name in `before` and `after` of an event, in words: a field of its subject, or a name of its act."""
    field = _field(event.subject_type, name)
    return str(field.verbose_name if field is not None else act_of(event.action).kept(name).label)


def value_word(label: str, name: str, value: Any) -> str:
    """A kept value: a choice or yes and no in words, nothing as a dash, all else as it stands."""
    if value in (None, ""):
        return MISSING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return listed(str(one) for one in value) or MISSING
    field = _field(label, name)
    if field is None:
        return str(value)
    try:
        if isinstance(field, DecimalField):
            return figure(Decimal(value), field.decimal_places)
    except (ArithmeticError, TypeError, ValueError):
        pass  # kept as a hash, it says no key and no figure
    return str(dict(field.flatchoices).get(value, value))


def told(event: Any, names: Names) -> list[tuple[str, str]]:
    """What an event keeps besides, as (name, value), in words; keys as `names` knows them."""
    act = act_of(event.action)

    def word(name: str, value: Any) -> str:
        chosen = act.kept(name).choices.get(value, value) if isinstance(value, str) else value
        return names.shown(event, name, value, of_subject=False) or value_word("", name, chosen)

    return [(str(act.kept(name).label), word(name, value)) for name, value in (event.data or {}).items()]


def handed(event: Any, names: Names) -> list[tuple[str, str]]:
    """Who was given access to the subject and who lost it, as (word, names)."""
    data, act = event.data or {}, act_of(event.action)
    return [
        (str(act.kept(name).label), names.shown(event, name, data[name], of_subject=False) or "")
        for name in ("given_to", "taken")
        if data.get(name)
    ]


def changes(event: Any, names: Names) -> list[tuple[str, str, str]]:
    """What an event says about its subject as (field, former value, value), in words; "" where it says nothing."""
    before, after = event.before or {}, event.after or {}

    def word(kept: Any, name: str) -> str:
        if name not in kept:
            return ""
        shown = names.shown(event, name, kept[name], of_subject=True)
        return shown or value_word(event.subject_type, name, kept[name])

    return [(field_word(event, name), word(before, name), word(after, name)) for name in {**before, **after}]
