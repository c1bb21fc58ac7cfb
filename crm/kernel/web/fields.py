"""Fields of request bodies whose cost does not grow with what is sent."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class RowsField(serializers.ListField):
    """A list of ids, each at most once: the rows they name, found in one query. Write only.

    `queryset` is what may be named; `most` bounds the list.
    """

    default_error_messages = {
        "twice": _("The same entry appears twice."),
        "absent": _("There is no entry with the number %(number)d."),
    }

    def __init__(self, *, queryset: QuerySet[Any], most: int = 20, **kwargs: Any) -> None:
        self.queryset = queryset
        child = serializers.IntegerField(min_value=1, max_value=2**62)
        super().__init__(child=child, max_length=most, write_only=True, **kwargs)

    def to_internal_value(self, data: Any) -> list[Model]:
        numbers = super().to_internal_value(data)
        if len(set(numbers)) < len(numbers):
            raise serializers.ValidationError(self.error_messages["twice"])
        found = self.queryset.in_bulk(numbers)
        absent = next((number for number in numbers if number not in found), None)
        if absent is not None:
            raise serializers.ValidationError(self.error_messages["absent"] % {"number": absent})
        return [found[number] for number in numbers]
