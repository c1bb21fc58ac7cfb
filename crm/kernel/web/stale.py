"""When two people changed one thing: what was typed beside what is stored, so that nothing typed is lost."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Text
from crm.kernel.text.numbers import MISSING
from crm.kernel.text.sentences import listed


@dataclass(frozen=True)
class Difference:
    """One field in two versions, in words; `name` is the form field, `anchor` its id."""

    name: str
    label: Text
    typed: str
    stored: str
    anchor: str


def words(field: forms.Field, value: Any) -> str:
    """A form value as a person reads it: the choice's label, yes or no, a dash for nothing."""
    if value in (None, "", []):
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Model):
        return str(value)
    choices = getattr(field, "choices", None)
    labels = dict(choices) if isinstance(choices, list) else {}
    if isinstance(value, list | tuple):
        return listed(str(labels.get(one, one)) for one in value)
    if labels:
        return str(labels.get(value, value))
    return str(value)


def differences(form: forms.BaseForm, stored: Model) -> list[Difference]:
    """The fields of a valid `form` whose typed value is not what `stored` holds now."""
    found = []
    for name, field in form.fields.items():
        if not hasattr(stored, name) or name not in form.cleaned_data:
            continue
        typed, present = form.cleaned_data[name], getattr(stored, name)
        if typed == present or (typed in (None, "") and present in (None, "")):
            continue
        bound = form[name]
        label = bound.label or name
        found.append(Difference(name, label, words(field, typed), words(field, present), bound.id_for_label))
    return found
