"""Fields that the API's shapes share: bounded lists of ids, uploads, times out of JSON rows."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
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


class VisibleField(serializers.PrimaryKeyRelatedField):
    """A row of `model` that the caller may see; any other does not exist. `unread`: columns that nobody asks of it."""

    def __init__(self, model: Any, *, unread: Sequence[str] = (), **kwargs: Any) -> None:
        self.model, self.unread = model, unread
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        request = self.context.get("request")
        if request is None:
            return self.model._default_manager.none()
        return self.model.objects.visible_to(request._request.person).defer(*self.unread)


@extend_schema_field(OpenApiTypes.BINARY)
class UploadField(serializers.FileField):
    """A file of a multipart form. The schema calls it bytes; of a bare FileField it would say that it is an address."""


class RowTimeField(serializers.DateTimeField):
    """A time of a row that the database built as JSON, told in the clock of all others. Read only."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        found = parse_datetime(value) if isinstance(value, str) else value
        return None if found is None else super().to_representation(found)
