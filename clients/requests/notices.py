"""The words of what client requests give people to do, and of the notice that one is late."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.requests.models import ServiceRequest
from clients.requests.services import LATE, TODO
from crm.kernel.access.policies import Viewer
from crm.kernel.notify.kinds import NoticeKind
from crm.kernel.notify.kinds import register as register_notices
from crm.kernel.worklist.kinds import Step, TodoKind
from crm.kernel.worklist.kinds import register as register_todos

ACTS = {
    "open": (gettext_lazy("Answer"), "clients:request_answer"),
    "answered": (gettext_lazy("Solve"), "clients:request_solve"),
    "solved": (gettext_lazy("Call back"), "clients:request_close"),
}


def visible_requests(viewer: Viewer) -> QuerySet[Any]:
    """The requests that exist for somebody who looks at to-dos."""
    return ServiceRequest.objects.visible_to(viewer)


def title(data: Mapping[str, Any]) -> str:
    """What is to be done next."""
    texts = {
        "open": _("Answer the request of %(client)s: %(what)s"),
        "answered": _("Solve the request of %(client)s: %(what)s"),
        "solved": _("Call %(client)s back: %(what)s"),
    }
    text = _("In the queue, %(client)s: %(what)s") if data.get("queued") else texts[str(data.get("stage", "open"))]
    return text % {"client": data.get("client", ""), "what": data.get("what", "")}


def next_act(todo: Any) -> Step:
    """The form of the next act."""
    act, name = ACTS[str(todo.data.get("stage", "open"))]
    return Step(act, reverse(name, args=[todo.object_id]))


register_todos(
    TodoKind(
        TODO,
        title,
        icon="message-report",
        subjects=visible_requests,
        step=next_act,
        work=gettext_lazy("A client's request"),
    )
)
register_notices(
    NoticeKind(LATE, gettext_lazy("The first answer to %(client)s is overdue: %(what)s"), "message-report")
)
