"""One FilterSet serves the page, the API and the export; what it does not know it refuses by name."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend

from crm.kernel.access.errors import BadInput
from crm.kernel.web.changes import UPDATED_SINCE

ORDERING = "ordering"
PAGING = frozenset({"page", "page_size", "after", "format"})


class KernelFilterSet(django_filters.FilterSet):
    """Declares filters and an `ordering`; an unknown parameter or a wrong value is BadInput, not silence."""

    def unknown(self) -> set[str]:
        """Parameters of the query that are neither filter nor paging."""
        expected = set(self.filters)
        for name, item in self.filters.items():
            expected |= {f"{name}_{suffix}" for suffix in getattr(item.field_class.widget, "suffixes", [])}
        return set(self.data) - expected - PAGING

    # The filtered rows before they are ordered, once `rows` were asked for.
    counted: QuerySet[Any] | None = None

    def rows(self) -> QuerySet[Any]:
        """The filtered rows, or BadInput with every field that was refused. Who asks for nothing costs no form."""
        if not set(self.data) - PAGING:
            return self.queryset.all()
        errors: dict[str, list[Any]] = {name: [_("This filter does not exist.")] for name in sorted(self.unknown())}
        if not self.is_valid():
            errors |= {name: list(texts) for name, texts in self.errors.items()}
        if errors:
            raise BadInput(errors=errors, code="bad_filter")
        return self.qs

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Every condition first, the order last."""
        asked = dict(self.form.cleaned_data)
        order = asked.pop(ORDERING, None)
        for name, value in asked.items():
            queryset = self.filters[name].filter(queryset, value)
        self.counted = queryset
        return self.filters[ORDERING].filter(queryset, order) if ORDERING in self.filters else queryset


class StrictFilterBackend(DjangoFilterBackend):
    """The same FilterSet for the API; what the other backends read is no filter of the list."""

    def get_filterset_kwargs(self, request: Any, queryset: QuerySet[Any], view: Any) -> dict[str, Any]:
        given = request.query_params.copy()
        given.pop(UPDATED_SINCE, None)
        return {**super().get_filterset_kwargs(request, queryset, view), "data": given}

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is not None:
            return filterset.rows()
        unknown = set(request.query_params) - PAGING - {UPDATED_SINCE}
        if unknown and request.method == "GET":
            raise BadInput(
                errors={name: [_("This filter does not exist.")] for name in sorted(unknown)}, code="bad_filter"
            )
        return queryset


class KernelOrdering(django_filters.OrderingFilter):
    """An ordering with the newest row first among equals: pages stay apart however many rows share a value."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        ordered = super().filter(qs, value)
        return ordered.order_by(*ordered.query.order_by, "-pk") if value else ordered
