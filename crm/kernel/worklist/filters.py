"""Which to-dos: open or done, whose, of what kind, due until when."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.worklist.models import Todo


class TodoFilter(KernelFilterSet):
    open = django_filters.BooleanFilter(label=_("Open"), field_name="done_at", lookup_expr="isnull")
    kind = django_filters.CharFilter(label=_("Kind"), max_length=60)
    owner = django_filters.NumberFilter(label=_("Owner"), field_name="owner_id", min_value=1, max_value=2**62)
    due_until = django_filters.DateFilter(label=_("Due until"), field_name="due_on", lookup_expr="lte")
    ordering = KernelOrdering(fields=[("due_on", "due_on"), ("opened_at", "opened_at")])

    class Meta:
        model = Todo
        fields: tuple[str, ...] = ()
