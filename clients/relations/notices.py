"""The words of what interactions give people to do."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clients.file.models import Client
from clients.relations.models import Interaction, Promise
from clients.relations.services.contact_plan import CONTACT_TODO
from clients.relations.services.duties import MINUTES_TODO, NEXT_TODO, PLANNED_TODO, PROMISE_TODO
from crm.kernel.access.policies import Viewer
from crm.kernel.worklist.kinds import Step, TodoKind, register


def visible_interactions(viewer: Viewer) -> QuerySet[Any]:
    """The interactions that exist for somebody who looks at to-dos."""
    return Interaction.objects.visible_to(viewer)


def visible_promises(viewer: Viewer) -> QuerySet[Any]:
    """The promises that exist for somebody who looks at to-dos."""
    return Promise.objects.visible_to(viewer)


def visible_clients(viewer: Viewer) -> QuerySet[Any]:
    """The clients that exist for somebody who looks at to-dos."""
    return Client.objects.visible_to(viewer)


def record_next(todo: Any) -> Step:
    """The short form for the client of a next contact."""
    return Step(gettext_lazy("Record"), f"{reverse('clients:interaction_create')}?client={todo.object_id}")


def hold(todo: Any) -> Step:
    """The form of what came of a planned interaction."""
    return Step(gettext_lazy("Record"), reverse("clients:interaction_hold", args=[todo.object_id]))


def write_minutes(todo: Any) -> Step:
    """The form of the minutes."""
    return Step(gettext_lazy("Write"), reverse("clients:interaction_minutes", args=[todo.object_id]))


def settle(todo: Any) -> Step:
    """The form of what became of a promise."""
    return Step(gettext_lazy("Settle"), reverse("clients:promise_settle", args=[todo.object_id]))


register(
    TodoKind(
        PLANNED_TODO,
        gettext_lazy("%(client)s: %(what)s"),
        icon="calendar-event",
        subjects=visible_interactions,
        step=hold,
        work=gettext_lazy("A planned interaction"),
    ),
    TodoKind(
        MINUTES_TODO,
        gettext_lazy("Write the minutes of %(what)s: %(client)s"),
        icon="pencil",
        subjects=visible_interactions,
        step=write_minutes,
        work=gettext_lazy("Minutes to be written"),
    ),
    TodoKind(
        NEXT_TODO,
        gettext_lazy("Next contact with %(client)s: %(what)s"),
        icon="messages",
        subjects=visible_clients,
        step=record_next,
        work=gettext_lazy("A next contact"),
    ),
    TodoKind(
        CONTACT_TODO,
        gettext_lazy("Contact %(client)s: no contact for longer than planned"),
        icon="calendar-event",
        subjects=visible_clients,
        step=record_next,
        work=gettext_lazy("An overdue contact"),
    ),
    TodoKind(
        PROMISE_TODO,
        gettext_lazy("Promised to %(client)s: %(what)s"),
        icon="checklist",
        subjects=visible_promises,
        step=settle,
        work=gettext_lazy("A promise to a client"),
    ),
)
