"""One FilterSet for board, table and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.workdays import clock
from staff.complaints.models import ANSWERED, OPEN, Channel, Complaint, Grade, Status
from staff.complaints.selectors.board import due_soon

ME, LATE, SOON, OPEN_ONES, ANSWERED_ONES = "me", "late", "soon", "open", "answered"


class ComplaintFilter(KernelFilterSet):
    """`q`: number or matter; `responsible=me`; `due=late|soon`; `state=open|answered`."""

    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=60)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(OPEN_ONES, pgettext_lazy("complaint", "open")), (ANSWERED_ONES, _("answered"))],
        method="by_state",
    )
    status = django_filters.MultipleChoiceFilter(label=_("Stage"), choices=Status.choices)
    grade = django_filters.ChoiceFilter(label=_("Class"), choices=Grade.choices)
    channel = django_filters.MultipleChoiceFilter(label=_("Channel"), choices=Channel.choices)
    due = django_filters.ChoiceFilter(
        label=_("Legal limit"), choices=[(LATE, _("passed")), (SOON, _("within three days"))], method="by_due"
    )
    responsible = django_filters.ChoiceFilter(label=_("Responsible"), choices=[(ME, _("me"))], method="mine")
    received = django_filters.DateFromToRangeFilter(label=_("Received"), field_name="received_on")
    ordering = KernelOrdering(
        fields=(("due_on", "due"), ("received_on", "received")),
        field_labels={"due_on": _("Legal limit"), "received_on": _("Received")},
    )

    class Meta:
        model = Complaint
        fields: list[str] = []

    def search(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        return rows.filter(Q(number__resembles=value) | Q(title__resembles=value))

    def by_state(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        return rows.filter(status__in=OPEN if value == OPEN_ONES else ANSWERED)

    def by_due(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        return rows.filter(Q(status__in=OPEN, due_on__lt=clock.today()) if value == LATE else due_soon())

    def mine(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        person: Any = self.request.person
        return rows.filter(responsible=person)
