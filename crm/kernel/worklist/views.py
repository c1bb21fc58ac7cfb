"""The pages of the work list: what waits for me, what is open, the reminder to who is late."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.views import KernelActionView, KernelListView, KernelTemplateView
from crm.kernel.worklist import selectors, services
from crm.kernel.worklist.filters import OpenTodoFilter, Whose
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.tables import TodoTable
from crm.kernel.worklist.waiting import count_waiting, list_waiting

MENU = "home"
MINE = _("My to-dos")


def list_tabs(current: str) -> list[dict[str, Any]]:
    """The full list of what waits for me, then the register of to-dos by whose they are; `current`: its query."""
    register = reverse("worklist:todo_list")
    ways = (
        (_("All open"), ""),
        *((label, f"whose={value}") for value, label in Whose.choices),
        (_("Overdue"), "late=true"),
    )
    tabs = [
        {"text": text, "href": f"{register}?{query}" if query else register, "current": query == current}
        for text, query in ways
    ]
    return [{"text": MINE, "href": reverse("worklist:waiting"), "current": current == "waiting"}, *tabs]


class Waiting(KernelTemplateView):
    """Everything that waits for the person: the rows of my day, all of them."""

    model = Todo
    menu = MENU
    title = MINE
    template_name = "kernel/waiting.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        bands = list_waiting(person=self.person)
        return super().get_context_data(bands=bands, number=count_waiting(bands), tabs=list_tabs("waiting"), **extra)


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
    empty_title = _("No open to-dos")
    empty_text = _("Warnings and complaints that are waiting for somebody appear here until they are done.")

    def get_table_kwargs(self, rows: list[Any]) -> dict[str, Any]:
        return {"viewer": self.person}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(tabs=list_tabs(self.request.GET.urlencode()), **extra)


class NudgeForm(forms.Form):
    """Nothing is asked."""


class TodoNudge(KernelActionView):
    """Remind the owner of a to-do that is late."""

    model = Todo
    action = "nudge"
    form_class = NudgeForm
    menu = MENU
    template_name = "kernel/todo_nudge.html"
    title = _("Send a reminder")
    submit_label = _("Send the reminder")
    success_url = cancel_url = "/todos/mine/"
    consequence = _("The assignee is notified that you ask for it. One reminder per day.")
    crumbs = ((MINE, "/todos/mine/"),)

    def get_object(self, queryset: Any = None) -> Todo:
        return selectors.todo_to_nudge(viewer=self.person, pk=self.kwargs["pk"])

    def get_page_url(self) -> str:
        return self.request.path

    def perform(self, form: Any) -> Todo:
        return services.todo_nudge(todo=self.object, by=self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        return _now("Reminded: %(names)s.") % {"names": self.object.owner.name}
