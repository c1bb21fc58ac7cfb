"""Form widgets of the house. What was typed is always shown again, also when it was no number and no date."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse


class AmountInput(forms.TextInput):
    """A figure. A text box, because a browser's number box forgets what it cannot read."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "maxlength": "30", **(attrs or {})})


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class CodeInput(forms.TextInput):
    """A code: mono type, no correction by the browser."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        quiet = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__({"class": "code", **quiet, **(attrs or {})})


class Picker(forms.Select):
    """A select that holds the chosen row only; the server searches (`?q=` -> {"results": [{"id","text","hint"}]}).

    For a `ModelChoiceField(queryset=..., widget=Picker("person_picker"))`: the whole queryset is never drawn.
    `query`: fixed parameters of the search, e.g. {"role": "legal"}.
    """

    def __init__(self, url_name: str, *, query: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url_name, self.query = url_name, query

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        address = reverse(self.url_name) + (f"?{self.query}" if self.query else "")
        return super().build_attrs({**base_attrs, "data-picker-url": address}, extra_attrs)

    def optgroups(self, name: str, value: list[Any], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Only what is chosen, read by its key in one query."""
        queryset = getattr(getattr(self.choices, "field", None), "queryset", None)
        if queryset is None:
            return super().optgroups(name, value, attrs)
        chosen = [text for text in map(str, value) if text.isascii() and text.isdigit() and len(text) < 19]
        rows = list(queryset.filter(pk__in=chosen)) if chosen else []
        label: Callable[[Any], str] = self.choices.field.label_from_instance  # type: ignore[union-attr]
        options = [self.create_option(name, row.pk, label(row), True, i, attrs=attrs) for i, row in enumerate(rows)]
        empty = (
            [] if self.is_required or self.allow_multiple_selected else [self.create_option(name, "", "", False, 99)]
        )
        return [(None, empty + options, 0)]


class MultiPicker(Picker, forms.SelectMultiple):
    """Several rows, searched by the server."""

    allow_multiple_selected = True
