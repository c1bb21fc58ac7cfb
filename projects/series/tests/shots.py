"""Pictures of series: the list, starting one, a weekly one with missed meetings, a dialogue, its acts."""

from typing import Any

from projects.series.models import Series, SeriesPeriod
from tools.shots.page import Page

PAGES = (
    Page("18-series", "projects:series_list"),
    Page("18-series-new", "projects:series_create"),
    Page("18-series-weekly", "projects:series_detail", of="series_weekly"),
    Page("18-series-dialogue", "projects:series_detail", of="series_dialogue"),
    Page("18-series-edit", "projects:series_update", of="series_weekly"),
    Page("18-series-explain", "projects:period_explain", of="period_missed"),
    Page("33-admin-series", "admin:projects_series_changelist", "liangyawen"),
    Page("33-admin-series-members", "admin:projects_seriesmember_changelist", "liangyawen"),
    Page("33-admin-series-periods", "admin:projects_seriesperiod_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's series of one account manager."""
    own = Series.objects.filter(client__owner__name="林晓雯", ended_on__isnull=True)
    missed = SeriesPeriod.objects.filter(series__client__owner__name="林晓雯", level="red")
    return {
        "series_weekly": (own.filter(kind="weekly").earliest("pk").pk,),
        "series_dialogue": (own.filter(kind="quarterly").earliest("pk").pk,),
        "period_missed": (missed.earliest("pk").pk,),
    }
