"""The page of the work list: what is open."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.web.views import KernelListView
from crm.kernel.worklist import selectors
from crm.kernel.worklist.filters import OpenTodoFilter, Whose
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
    empty_title = _("No open to-dos")
    empty_text = _("Warnings and complaints that are waiting for somebody appear here until they are done.")

    def get_table_kwargs(self, rows: list[Any]) -> dict[str, Any]:
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
