"""Filters of exports, on the page and in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.kernel.exports.models import ExportRun
from crm.kernel.web.filters import KernelFilterSet


class ExportRunFilter(KernelFilterSet):
    """By how it stands."""

    state = django_filters.ChoiceFilter(label=_("Status"), choices=ExportRun.State.choices)

    class Meta:
        model = ExportRun
        fields: list[str] = []
