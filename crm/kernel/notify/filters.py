"""Read or not, and when."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.kernel.notify.models import Notice
from crm.kernel.web.filters import KernelFilterSet


class NoticeFilter(KernelFilterSet):
    unread = django_filters.BooleanFilter(label=_("Unread"), field_name="read_at", lookup_expr="isnull")
    escalation = django_filters.BooleanFilter(label=_("Escalation"), field_name="is_escalation")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()
