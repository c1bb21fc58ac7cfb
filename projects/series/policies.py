"""Who sees series, who starts, changes and ends them, and says why a meeting was not held."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import HELPERS, managed
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at
from projects.deals.models import Project
from projects.series.models import Series, SeriesMember, SeriesPeriod

WORK = "work"
REASONS: dict[str, Text] = {
    "create": _("Series are started by the client's account manager and co-managers."),
    WORK: _("Only the client's account manager and co-managers can change this series and its meetings."),
}


class _SeriesPolicy(RowPolicy):
    """view: who sees the client, or the project of the series. work: who works on the client."""

    at = ""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            either = (visible_at(f"{self.at}client", Client, person), visible_at(f"{self.at}project", Project, person))
            # Who sees all of one sees all: an empty condition would fall out of an "or".
            return either[0] | either[1] if all(either) else EVERYTHING
        return managed(person, f"{self.at}client__") if action == WORK else NOBODY

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and bool(person.roles & HELPERS)), action)


@policy_for(Series)
class SeriesPolicy(_SeriesPolicy):
    """See `_SeriesPolicy`."""


@policy_for(SeriesPeriod)
class SeriesPeriodPolicy(_SeriesPolicy):
    """As the series it belongs to."""

    at = "series__"


@policy_for(SeriesMember)
class SeriesMemberPolicy(_SeriesPolicy):
    """As the series it belongs to; only its services write it."""

    at = "series__"
