"""Filters of meetings and hearings."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from risk.committee.models import AgendaItem, Meeting


class MeetingFilter(KernelFilterSet):
    """By state."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=Meeting.Status.choices)
    ordering = KernelOrdering(fields=(("held_on", "day"),), field_labels={"held_on": _("Day")})

    class Meta:
        model = Meeting
        fields: list[str] = []


class HearingFilter(KernelFilterSet):
    """By state, result, meeting and case."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=AgendaItem.Status.choices)
    result = django_filters.ChoiceFilter(label=_("Result"), choices=AgendaItem.Result.choices)
    meeting = django_filters.NumberFilter(label=_("Meeting"), field_name="meeting_id")
    case = django_filters.NumberFilter(label=_("Case"), field_name="case_id")
    ordering = KernelOrdering(fields=(("opened_at", "opened"),), field_labels={"opened_at": _("Ballot opened")})

    class Meta:
        model = AgendaItem
        fields: list[str] = []
