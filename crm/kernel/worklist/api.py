"""The work list over REST, to be read. A to-do is done by the act it asks for, at that act's own address."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from crm.kernel.web.api import KernelViewSet, NoInput, act
from crm.kernel.worklist import examples, services
from crm.kernel.worklist.filters import TodoFilter
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.selectors import veil
from crm.kernel.worklist.serializers import TodoSerializer


@extend_schema_view(
    list=extend_schema(summary="To-dos the caller may see, the first due first"),
    retrieve=extend_schema(summary="One to-do", examples=[examples.READ]),
)
class TodoViewSet(KernelViewSet):
    """One's own to-dos, those escalated to oneself, a head's department's; an auditor sees all.

    About what the caller may not see, title and address name the kind of work only.
    Of others' to-dos none about what does not exist for the caller.
    """

    model = Todo
    queryset = Todo.objects.all()
    serializer_class = TodoSerializer
    filterset_class = TodoFilter
    changed_at = ("opened_at", "done_at")
    http_method_names = ["get", "post"]

    def rows(self) -> QuerySet[Todo]:
        return Todo.objects.visible_to(self.person).select_related("owner").order_by("due_on", "id")

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        return veil(super().paginate_queryset(queryset) or (), viewer=self.person)

    def get_object(self) -> Todo:
        return veil([super().get_object()], viewer=self.person)[0]

    @act(
        NoInput,
        answers=TodoSerializer,
        summary="Remind the assignee of a to-do that is late",
        description="By whom it was escalated to, or a head above its assignee; 409 for a second time on one day.",
        examples=[examples.READ],
        status=201,
        has_version=False,
    )
    def nudge(self, todo: Todo) -> Todo:
        return services.todo_nudge(todo=todo, by=self.person)


routes = [("worklist", TodoViewSet, "todo")]
