"""Pages of lists: the count stops at a cap, deep pages go by key."""

from collections import OrderedDict
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import CharField, DateField, F, Model, QuerySet
from django.db.models.sql.where import WhereNode
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from crm.kernel.access.errors import BadInput
from crm.kernel.access.grants import Among

# Forty pages: nobody turns further, and counting on would cost more than all else on the page.
COUNT_CAP = 2000
PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
BY_CODE = "Instead of page: rows behind this code or day, in its order; start with 0 or 1900-01-01."


def rows_of(rows: QuerySet[Any], chosen: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` cut to the `chosen` ones (a slice of them): the keys are found and ordered first, then only these rows are
    joined with what they show.

    The keys stand in an array: a subquery would be planned together with the rows' joins, which took longer than
    finding either. What chose them is not asked again of each.
    """
    shown = rows.all()
    shown.query.where = WhereNode()
    return shown.filter(Among(F("pk"), ArraySubquery(chosen.values("pk"))))


class CappedPaginator(Paginator):
    """Counts at most `COUNT_CAP` rows: beyond it people filter, machines go on by key.

    `counted` are the same rows as they were before they were ordered, if that joins something: it is not counted.
    """

    def __init__(self, rows: Any, per_page: int, *, counted: QuerySet[Any] | None = None) -> None:
        super().__init__(rows, per_page)
        self.counted = rows if counted is None else counted

    @cached_property
    def _seen(self) -> int:
        rows = self.counted
        if isinstance(rows, QuerySet):
            # Keys only: what a row is shown with need not be joined to be counted.
            return rows.order_by().values("pk")[: COUNT_CAP + 1].count()
        return len(rows)

    def page(self, number: int | str) -> Page:
        """One page of rows."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return super().page(number)
        if number == 1:
            # One row more than the page holds tells whether there is another page: a short list is not counted.
            found = list(rows_of(rows, rows[: self.per_page + 1]))
            if len(found) <= self.per_page:
                self.__dict__["_seen"] = len(found)
            return Page(found[: self.per_page], 1, self)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(rows_of(rows, rows[first : min(first + self.per_page, self.count)]), number, self)

    @cached_property
    def count(self) -> int:
        """Rows, never more than the cap."""
        return min(self._seen, COUNT_CAP)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._seen > COUNT_CAP


def whole_number(text: str, *, field: str, least: int = 1, most: int = 10**9) -> int:
    """`text` as a number between `least` and `most`, or BadInput naming the parameter."""
    if text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most:
        return int(text)
    raise BadInput(
        _("Enter a whole number from %(least)d to %(most)d.") % {"least": least, "most": most},
        field=field,
        code="range",
    )


def has_number(model: type[Model]) -> bool:
    """Whether the rows' key is a number; of tables of reference it is a code or a day."""
    return not isinstance(model._meta.pk, CharField | DateField)


def key_behind(model: type[Model], text: str) -> Any:
    """`text` as the key behind which a walk goes on, or BadInput naming the parameter."""
    if has_number(model):
        return whole_number(text, field="after", least=0, most=2**62)
    try:
        return model._meta.pk.clean(text, None)
    except ValidationError as error:
        raise BadInput(error.messages[0], field="after", code="range") from None


class ApiPagination(BasePagination):
    """`?page=&page_size=`, or `?after=ID` which walks a list of any length by key, oldest first."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        query = request.query_params
        self.request = request
        self.size = whole_number(query.get("page_size", str(PAGE_SIZE)), field="page_size", most=MAX_PAGE_SIZE)
        self.after = query.get("after")
        if self.after is not None:
            behind = queryset.filter(pk__gt=key_behind(queryset.model, self.after)).order_by("pk")
            rows = list(rows_of(behind, behind[: self.size + 1]))
            self.more, self.rows = len(rows) > self.size, rows[: self.size]
            return self.rows
        number = whole_number(query.get("page", "1"), field="page")
        self.paginator = CappedPaginator(queryset, self.size)
        if number > 1 and number > self.paginator.num_pages:
            raise BadInput(
                _("There are %(pages)d pages.") % {"pages": self.paginator.num_pages}, field="page", code="range"
            )
        self.page = self.paginator.page(number)
        self.rows = list(self.page)
        return self.rows

    def _link(self, **parameters: object) -> str:
        url = self.request.build_absolute_uri()
        for name, value in parameters.items():
            url = replace_query_param(url, name, str(value))
        return url

    def get_paginated_response(self, data: Any) -> Response:
        body: dict[str, Any] = OrderedDict()
        if self.after is not None:
            body["next"] = self._link(after=self.rows[-1].pk) if self.more else None
        else:
            body["count"] = self.paginator.count
            body["count_is_capped"] = self.paginator.is_capped
            body["next"] = self._link(page=self.page.next_page_number()) if self.page.has_next() else None
            body["previous"] = self._link(page=self.page.previous_page_number()) if self.page.has_previous() else None
        body["results"] = data
        return Response(body)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results"],
            "properties": {
                "count": {"type": "integer", "description": f"Rows, counted up to {COUNT_CAP}."},
                "count_is_capped": {"type": "boolean"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        def parameter(name: str, description: str, most: int) -> dict[str, Any]:
            schema = {"type": "integer", "minimum": 0 if name == "after" else 1, "maximum": most}
            return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}

        text: dict[str, Any] = {"type": "string", "maxLength": 20}
        return [
            parameter("page", "Number of the page, from 1.", 10**9),
            parameter("page_size", f"Rows on a page, {PAGE_SIZE} unless told.", MAX_PAGE_SIZE),
            parameter("after", "Instead of page: rows whose id is greater, oldest first; start with 0.", 2**62)
            if has_number(view.model)  # type: ignore[attr-defined]
            else {"name": "after", "in": "query", "required": False, "description": BY_CODE, "schema": text},
        ]
