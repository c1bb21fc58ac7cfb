"""`/api/v1/series/` and `/api/v1/series-periods/`: series of meetings for other systems."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import require
from crm.kernel.web.api import IF_MATCH, KernelViewSet, act
from projects.series import examples, selectors, services
from projects.series.filters import SeriesFilter, SeriesPeriodFilter
from projects.series.models import Series, SeriesPeriod
from projects.series.serializers import (
    PeriodArrangeInput,
    PeriodExplainInput,
    SeriesEndInput,
    SeriesInput,
    SeriesPatch,
    SeriesPeriodSerializer,
    SeriesSerializer,
)


@extend_schema_view(
    list=extend_schema(summary="Series of meetings this person may see"),
    retrieve=extend_schema(summary="One series"),
    create=extend_schema(
        summary="Start a series",
        description="By who works on the client. 409 while one of this kind is running.",
        request=SeriesInput,
        responses={201: SeriesSerializer},
        examples=[examples.WEEKLY],
    ),
    partial_update=extend_schema(
        summary="Change a series",
        description="Meetings that are arranged stay as they are; the next ones follow.",
        parameters=[IF_MATCH],
        request=SeriesPatch,
        responses=SeriesSerializer,
        examples=[examples.CHANGE],
    ),
)
class SeriesViewSet(KernelViewSet):
    """Meetings that recur, with who must be there."""

    model = Series
    queryset = Series.objects.all()
    serializer_class = SeriesSerializer
    filterset_class = SeriesFilter

    def rows(self) -> QuerySet[Series]:
        return selectors.with_members(selectors.series_list(viewer=self.person))

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(self.person, "create", Series)
        made = services.series_start(by=self.person, **self.read_body(SeriesInput))
        return self.answer(self.read_back(made), status=201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        series = self.get_object()
        changes, expected = self.read_body(SeriesPatch, partial=True), self.expected_version()
        changed = services.series_change(series=series, changes=changes, expected_version=expected, by=self.person)
        return self.answer(self.read_back(changed))

    @act(
        SeriesEndInput,
        answers=SeriesSerializer,
        summary="End a series",
        description="Planned meetings are cancelled with the reason.",
        examples=[examples.END],
    )
    def end(self, series: Series, **given: Any) -> Series:
        return services.series_end(series=series, by=self.person, **given)


@extend_schema_view(
    list=extend_schema(summary="Periods of the series this person may see"),
    retrieve=extend_schema(summary="One period"),
)
class SeriesPeriodViewSet(KernelViewSet):
    """The weeks, quarters and years of series, each with its meeting."""

    model = SeriesPeriod
    queryset = SeriesPeriod.objects.all()
    serializer_class = SeriesPeriodSerializer
    filterset_class = SeriesPeriodFilter
    changed_with = {"projects.series": "series_id", "clients.interaction": "appointment_id"}

    def rows(self) -> QuerySet[SeriesPeriod]:
        return selectors.period_list(viewer=self.person)

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    @act(
        PeriodArrangeInput,
        answers=SeriesPeriodSerializer,
        summary="Arrange the meeting of a period",
        description="After the former one was cancelled. 409 while one is planned or was held.",
        examples=[examples.ARRANGE],
        has_version=False,
    )
    def arrange(self, period: SeriesPeriod, **given: Any) -> SeriesPeriod:
        return services.period_arrange(period=period, by=self.person, **given)

    @act(
        PeriodExplainInput,
        answers=SeriesPeriodSerializer,
        summary="Say why a meeting was not held",
        description="Once; 409 unless it is overdue.",
        examples=[examples.EXPLAIN],
        has_version=False,
    )
    def explain(self, period: SeriesPeriod, **given: Any) -> SeriesPeriod:
        return services.period_explain(period=period, by=self.person, **given)


routes: list[tuple[str, Any, str]] = [
    ("series", SeriesViewSet, "series"),
    ("series-periods", SeriesPeriodViewSet, "seriesperiod"),
]
