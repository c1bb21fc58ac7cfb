"""The pages of the work list: what is open, and handing one on."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.views import KernelActionView, KernelListView
from crm.kernel.worklist import selectors, services
from crm.kernel.worklist.filters import OpenTodoFilter, Whose
from crm.kernel.worklist.forms import ReassignForm
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.tables import TodoTable

MENU = "home"


class TodoList(KernelListView):
    """Open to-dos that the person may see, the first due first."""

    model = Todo
    menu = MENU
    title = _("To-dos")
    noun = _("to-dos")
    selector = staticmethod(selectors.open_list)
    filterset_class = OpenTodoFilter
    table_class = TodoTable
    template_name = "kernel/todo_list.html"
    empty_title = _("Nothing is open")
    empty_text = _("Warnings and complaints that wait for somebody stand here until they are done.")

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"viewer": self.person}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        chosen = self.request.GET
        ways = ((_("All"), "", ""), *((label, "whose", value) for value, label in Whose.choices))
        tabs = [
            {
                "text": text,
                "href": f"?{name}={value}" if name else self.request.path,
                "current": chosen.get(name) == value if name else not chosen,
            }
            for text, name, value in (*ways, (_("Overdue"), "late", "true"))
        ]
        return super().get_context_data(tabs=tabs, **extra)


class TodoReassign(KernelActionView):
    """The head gives it to somebody else."""

    model = Todo
    menu = MENU
    action = "reassign"
    form_class = ReassignForm
    template_name = "kernel/todo_reassign.html"
    title = _("Hand on…")
    submit_label = _("Hand on")
    success_message = _("It is handed on; the new owner is told.")
    consequence = _("Reminders go to the new owner. One that is late already goes up again if it stays so.")

    def get_object(self) -> Todo:
        return selectors.veil([super().get_object()], viewer=self.person)[0]

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("To-dos"), reverse("worklist:todo_list"))]

    def get_cancel_url(self) -> str:
        return reverse("worklist:todo_list")

    def get_success_url(self, result: Todo) -> str:
        """Handed on, it may be out of the person's own sight."""
        return reverse("worklist:todo_list")

    def perform(self, form: Any) -> Todo:
        return services.todo_reassign(
            todo=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )
