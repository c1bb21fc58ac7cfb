"""The words of what a missing meeting gives its account manager to do."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.kernel.access.policies import Viewer
from crm.kernel.worklist.kinds import Step, TodoKind, register
from projects.series.models import SeriesPeriod
from projects.series.services.alarms import DUE_TODO, MISSED_TODO


def visible_periods(viewer: Viewer) -> QuerySet[Any]:
    """The periods that exist for somebody who looks at to-dos."""
    return SeriesPeriod.objects.visible_to(viewer)


def explain(todo: Any) -> Step:
    """The form of why a meeting was not held."""
    return Step(gettext_lazy("Explain"), reverse("projects:period_explain", args=[todo.object_id]))


register(
    TodoKind(
        DUE_TODO,
        gettext_lazy("Hold %(what)s before %(until)s: %(client)s"),
        icon="calendar-event",
        subjects=visible_periods,
        work=gettext_lazy("A meeting of a series"),
    ),
    TodoKind(
        MISSED_TODO,
        gettext_lazy("%(what)s was not held (%(from)s – %(until)s): %(client)s"),
        icon="calendar-event",
        subjects=visible_periods,
        step=explain,
        work=gettext_lazy("A missed meeting"),
    ),
)
