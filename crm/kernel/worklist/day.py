from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.declarations.day import COUNTED, MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.worklist.kinds import kind_of
from crm.kernel.worklist.selectors import todo_shares


def todos(person: Person) -> Iterable[Line]:
    """The work list: one's own to-dos, and those that came up to oneself because somebody is late: a share of each."""
    drawn = {True: 0, False: 0}
    for todo in todo_shares(viewer=person, most=COUNTED):
        kind = kind_of(todo.kind)
        own = todo.owner_id == person.pk
        drawn[own] += 1
        yield Line(
            kind="todo",
            icon=kind.icon if own else "clock-exclamation",
            title=todo.title,
            note="" if own else _("overdue with %(owner)s") % {"owner": todo.owner.name},
            due=todo.due_on,
            act=str(kind.act),
            url=todo.link,
            is_beside=drawn[own] > MOST,
        )


register(todos, order=120)
