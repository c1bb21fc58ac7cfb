"""The reminder (催办) that somebody above sends to who is late, once a day."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import Conflict
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.people.models import Person
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.selectors import NUDGED, nudge_moment


@transaction.atomic
def todo_nudge(*, todo: Todo, by: Person) -> Todo:
    """Remind the owner of an open to-do; they hear who asks. By whom it came up to, or a head above the owner.

    409 when it is done by now, or was reminded of today already.
    """
    rows = Todo.objects.select_related("owner__department")
    row = permit(Todo, by, "nudge", lock=True, rows=rows, pk=todo.pk)
    if not row.is_open:
        raise Conflict(_("This to-do is done: nobody has to be reminded."), code="done")
    told = notify(
        recipient=row.owner,
        kind=NUDGED,
        subject=row,
        url=row.url,
        data={"kind": row.kind, "due_on": row.due_on, "todo": row.data, "by": by.name},
        due_at=nudge_moment(),
        by=by,
    )
    if told is None:
        raise Conflict(_("A reminder was already sent today; one per day is allowed."), code="nudged")
    record(NUDGED, subject=row, by=by, data={"owner": row.owner_id, "due_on": row.due_on})
    return row
