"""Filters of the register of covers, on the page and in the API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Cover
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.workdays import clock


class CoverFilter(KernelFilterSet):
    """`now`: whether it holds today. `mine`: those the caller is one of the two people of."""

    state = django_filters.ChoiceFilter(label=_("Status"), choices=Cover.State.choices)
    now = django_filters.BooleanFilter(label=_("In force today"), method="holds_now")
    mine = django_filters.BooleanFilter(label=_("Mine"), method="is_mine")
    ordering = KernelOrdering(
        fields=(("starts_on", "first"), ("ends_on", "last")),
        field_labels={"starts_on": _("first day"), "ends_on": _("last day")},
    )

    class Meta:
        model = Cover
        fields: list[str] = []

    def holds_now(self, rows: QuerySet[Cover], name: str, value: bool) -> QuerySet[Cover]:
        today = clock.today()
        now = Q(state=Cover.State.CONFIRMED, starts_on__lte=today, ends_on__gte=today)
        return rows.filter(now) if value else rows.exclude(now)

    def is_mine(self, rows: QuerySet[Cover], name: str, value: bool) -> QuerySet[Cover]:
        person: Any = self.request.person
        mine = Q(person=person) | Q(deputy=person)
        return rows.filter(mine) if value else rows.exclude(mine)
