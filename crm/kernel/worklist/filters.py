"""Which to-dos: open or done, whose, of what kind, due until when."""

from typing import Any

import django_filters
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo


class TodoFilter(KernelFilterSet):
    open = django_filters.BooleanFilter(
        label=pgettext_lazy("to-do", "Open"), field_name="done_at", lookup_expr="isnull"
    )
    kind = django_filters.CharFilter(label=_("Kind"), max_length=60)
    owner = django_filters.NumberFilter(label=_("Assignee"), field_name="owner_id", min_value=1, max_value=2**62)
    due_until = django_filters.DateFilter(label=_("Due by"), field_name="due_on", lookup_expr="lte")
    ordering = KernelOrdering(fields=[("due_on", "due_on"), ("opened_at", "opened_at")])

    class Meta:
        model = Todo
        fields: tuple[str, ...] = ()


class Whose(TextChoices):
    MINE = "mine", _("Mine")
    UP = "up", _("Escalated to me")
    OTHERS = "others", _("Assigned to others")


class OpenTodoFilter(KernelFilterSet):
    """Of the page, which shows what is open."""

    whose = django_filters.ChoiceFilter(label=_("Assignee"), choices=Whose.choices, method="of_whom")
    late = django_filters.BooleanFilter(label=_("Overdue"), method="is_late")
    due_until = django_filters.DateFilter(label=_("Due by"), field_name="due_on", lookup_expr="lte")
    ordering = KernelOrdering(
        fields=[("due_on", "due"), ("opened_at", "opened")],
        field_labels={"due_on": _("Due"), "opened_at": _("Opened")},
    )

    class Meta:
        model = Todo
        fields: tuple[str, ...] = ()

    def of_whom(self, rows: QuerySet[Todo], name: str, value: str) -> QuerySet[Todo]:
        person: Any = self.request.person
        if value == Whose.MINE:
            return rows.filter(owner=person)
        if value == Whose.UP:
            return rows.filter(escalated_to=person).exclude(owner=person)
        return rows.exclude(owner=person)

    def is_late(self, rows: QuerySet[Todo], name: str, value: bool) -> QuerySet[Todo]:
        today = clock.today()
        return rows.filter(due_on__lt=today) if value else rows.filter(due_on__gte=today)
