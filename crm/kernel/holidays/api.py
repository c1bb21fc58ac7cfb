"""The working calendar over REST, to be read."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from crm.kernel.holidays import selectors
from crm.kernel.holidays.filters import CalendarDayFilter
from crm.kernel.holidays.serializers import CalendarDaySerializer
from crm.kernel.web.api import KernelListSet
from crm.kernel.workdays.models import CalendarDay


@extend_schema_view(list=extend_schema(summary="The working calendar, day by day"))
class CalendarDayViewSet(KernelListSet):
    """Days that somebody vouches for, official or provisional; deadlines are counted by them."""

    model = CalendarDay
    queryset = CalendarDay.objects.all()
    serializer_class = CalendarDaySerializer
    filterset_class = CalendarDayFilter

    def rows(self) -> QuerySet[CalendarDay]:
        return selectors.calendar_day_list(viewer=self.person)


routes: list[tuple[str, Any, str]] = [("calendar-days", CalendarDayViewSet, "calendar-day")]
