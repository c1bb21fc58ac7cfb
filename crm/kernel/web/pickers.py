"""Searching pickers: a select that holds the chosen row only; the rest is asked from the server as one types.

A picker's address is a `KernelPickerView`: it answers `?q=` with {"results": [{"id", "text", "hint"}]}.
forms.js does the rest.
"""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters.filters import QuerySetRequestMixin

from crm.kernel.access.errors import Text


class PickerWidget(forms.Select):
    """`url_name` with `query` (further parameters) is where the rows are searched."""

    def __init__(self, url_name: str, *, query: str = "", placeholder: Text = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url_name, self.query, self.placeholder = url_name, query, placeholder

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        address = reverse(self.url_name) + (f"?{self.query}" if self.query else "")
        hints = {"data-picker-url": address, "data-placeholder": str(self.placeholder or _("Type to search"))}
        return {**super().build_attrs(base_attrs, extra_attrs), **hints}

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """The empty choice and the chosen row: one query when something is chosen, none otherwise."""
        options = [self.create_option(name, "", "", not any(value), 0)]
        field: Any = self.choices.field  # type: ignore[attr-defined]
        for row in field.chosen(value):
            options.append(self.create_option(name, field.prepare_value(row), field.label_from_instance(row), True, 1))
        return [(None, options, 0)]


class PickerField(forms.ModelChoiceField):
    """One row of `queryset`, searched at `url_name`."""

    found: Any = None

    def __init__(
        self, queryset: QuerySet[Any], *, url_name: str, query: str = "", placeholder: Text = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", PickerWidget(url_name, query=query, placeholder=placeholder))
        super().__init__(queryset, **kwargs)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        self.found = found
        return found

    def chosen(self, value: Iterable[Any]) -> list[Any]:
        """The rows behind the widget's values; nothing for values that are no key. The row just checked is not
        read again.
        """
        keys = [item for item in value if item not in (None, "")]
        if self.found is not None and keys == [str(self.prepare_value(self.found))]:
            return [self.found]
        rows: QuerySet[Any] = self.queryset  # type: ignore[assignment]
        try:
            return list(rows.filter(**{f"{self.to_field_name or 'pk'}__in": keys})) if keys else []
        except (ValueError, TypeError):
            return []


class PickerFilter(QuerySetRequestMixin, django_filters.Filter):
    """The same in a FilterSet; takes the field's arguments. `queryset` may be a function of the request."""

    field_class = PickerField


def visible(model: Any) -> Callable[[Any], QuerySet[Any]]:
    """A filter's `queryset`: the rows of `model` that whoever asks may see, so that a chip tells no foreign row's name;
    none where nobody asks.
    """

    def rows(request: Any) -> QuerySet[Any]:
        return model.objects.visible_to(request.person) if request is not None else model.objects.none()

    return rows
