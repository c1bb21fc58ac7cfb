"""Reminders and escalations that are due. A to-do that is done, or gone, needs none."""

from crm.kernel.audit.context import SYSTEM
from crm.kernel.notify.services import notify
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem
from crm.kernel.people.selectors import deputies_of
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.selectors import sees_subject
from crm.kernel.worklist.services import ESCALATE, ESCALATE_SET, REMIND, REMIND_SET, remind_set, todo_escalate


@handles(REMIND)
def remind(item: DueItem) -> None:
    """Tell the owner what is due, and who stands in for the owner and sees what it is about."""
    todo = Todo.objects.select_related("owner").filter(pk=item.object_id, done_at__isnull=True).first()
    if todo is None or todo.owner_id != item.recipient_id:
        return
    for person in (todo.owner, *(deputy for deputy in deputies_of(todo.owner) if sees_subject(deputy, todo))):
        notify(
            recipient=person,
            kind="todo.reminder",
            subject=todo,
            url=todo.link,
            data={"kind": todo.kind, "due_on": todo.due_on, "todo": todo.data},
            due_at=item.due_at,
            by=SYSTEM,
        )


@handles(ESCALATE)
def escalate(item: DueItem) -> None:
    """Tell whoever stands above the owner."""
    todo = Todo.objects.filter(pk=item.object_id, done_at__isnull=True).first()
    if todo is not None:
        todo_escalate(todo=todo, meant=item.data, by=SYSTEM)


@handles(REMIND_SET)
@handles(ESCALATE_SET)
def due_set(item: DueItem) -> None:
    """Let what a job opened at once be due one by one."""
    remind_set(item)
