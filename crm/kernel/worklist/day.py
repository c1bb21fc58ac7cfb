from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.worklist.kinds import kind_of, step_of
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.selectors import todo_shares


def todos(person: Person) -> Iterable[Line]:
    """The work list: one's own to-dos and those of whom one covers, and those that came up to oneself because somebody
    is late: a share of each.

    One's own and those done for another lead to their act. Of another's one reminds its owner, once a day.
    """
    for todo in todo_shares(viewer=person, most=MOST):
        if todo.owner_id == person.pk:
            yield _own(todo)
        elif todo.owner_id in person.covers_wholly:
            yield _own(todo, note=_("for %(owner)s") % {"owner": todo.owner.name})
        else:
            yield _of_other(todo, is_nudged=todo.is_nudged)


def _own(todo: Todo, *, note: str = "") -> Line:
    step = step_of(todo)
    return Line(
        kind="todo",
        icon=kind_of(todo.kind).icon,
        title=todo.title,
        note=note,
        due=todo.due_on,
        act=str(step.act),
        url=todo.url,
        act_url=step.url,
    )


def _of_other(todo: Todo, *, is_nudged: bool) -> Line:
    return Line(
        kind="todo",
        icon="clock-exclamation",
        title=todo.title,
        note=_("overdue with %(owner)s") % {"owner": todo.owner.name},
        due=todo.due_on,
        act=_("Open") if is_nudged else _("Send a reminder…"),
        url=todo.link,
        act_url=todo.link if is_nudged else todo.nudge_url,
        done=_("reminder sent today") if is_nudged else "",
    )


register(todos, order=120)
