"""What a return asks for: a to-do of whoever keeps the client, until the day on which the deal is expected back."""

import logging

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from crm.kernel.access.policies import Viewer
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.services import todo_close, todo_open
from projects.deals.models import Project
from risk.reviews.services.locks import lock_project

COMPLETE = "risk.return_complete"
logger = logging.getLogger(__name__)


def ask_for_completion(project: Project, *, by: Viewer) -> None:
    """Let the client's owner complete the returned deal. One that is asked for already is brought up to date."""
    if project.due_on is None:
        return
    todo_open(
        kind=COMPLETE,
        subject=project,
        owner=project.client.owner,
        due_on=project.due_on,
        url=project.get_absolute_url(),
        data={"project": project.name},
        by=by,
    )


def close_completion(project: Project, *, outcome: str, by: Viewer) -> None:
    """The deal came back, or never will: nobody has to complete it any more."""
    todo_close(kind=COMPLETE, subject=project, outcome=outcome, by=by)


def returned_refresh(*, by: Viewer) -> int:
    """Let every returned deal be asked of whoever keeps its client by now; how many were not. Idempotent."""
    asked = Todo.objects.filter(
        kind=COMPLETE,
        object_type=Project._meta.label_lower,
        object_id=Cast(OuterRef("pk"), CharField()),
        owner=OuterRef("client__owner"),
        due_on=OuterRef("due_on"),
        done_at=None,
    )
    rows = Project.objects.filter(status=Project.Status.RETURNED, due_on__isnull=False).exclude(Exists(asked))
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        try:
            _ask_again(pk, by=by)
        except Exception:
            logger.exception("returned project %s could not be asked for", pk)
    return len(found)


@transaction.atomic
def _ask_again(pk: int, *, by: Viewer) -> None:
    """One deal, under its lock. One that came back meanwhile is left alone."""
    project = lock_project(pk)
    if project.status == Project.Status.RETURNED:
        ask_for_completion(project, by=by)
