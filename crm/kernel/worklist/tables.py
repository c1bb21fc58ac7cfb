"""The list of open to-dos: what, whose, until when."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.web import html
from crm.kernel.web.tables import KernelColumn, KernelTable, NameColumn, PersonColumn
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_left
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.selectors import veil


class _DueColumn(KernelColumn):
    """Working days left and the day; drawn by the table, which has read the calendar."""

    kind = "tag"
    phone_default = "bare"


def _address(todo: Todo) -> str:
    """Where the matter stands; a row that is veiled is opened by who may remind its owner."""
    return todo.link if not todo.is_veiled or todo.may_nudge else ""


class TodoTable(KernelTable):
    """What is to be done, whose it is, until when. What the viewer may not see is veiled, which reads the whole row."""

    is_narrow = False

    title = NameColumn(verbose_name=gettext_lazy("To do"), order="", url=_address)
    owner = PersonColumn(verbose_name=gettext_lazy("Assignee"), order="")
    due_on = _DueColumn(verbose_name=gettext_lazy("Due"), order="due")

    def __init__(self, rows: Iterable[Todo], *, viewer: Person) -> None:
        super().__init__(veil(rows, viewer=viewer))
        self.today = clock.today()
        days = [self.today, *(todo.due_on for todo in self.rows)]
        self.calendar: WorkCalendar = calendar_between(min(days), max(days))

    def render_due_on(self, record: Todo) -> Any:
        badge = html.deadline(workdays_left(self.today, record.due_on, calendar=self.calendar))
        return format_html('{}<span class="sec">{}</span>', badge, numbers.date_short(record.due_on, self.today))
