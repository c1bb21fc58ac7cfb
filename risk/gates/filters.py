"""Filters of waivers in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from risk.gates.models import GateWaiver
from risk.gates.rules.verdicts import GATES


class GateWaiverFilter(KernelFilterSet):
    """By state and requirement."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=GateWaiver.Status.choices)
    gate = django_filters.ChoiceFilter(label=_("Requirement"), choices=[(gate, gate) for gate in GATES])
    ordering = KernelOrdering(fields=(("asked_at", "asked"),), field_labels={"asked_at": _("Asked")})

    class Meta:
        model = GateWaiver
        fields: list[str] = []
