"""Filters of imports, on the page and in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.kernel.imports.models import ImportRun
from crm.kernel.web.filters import KernelFilterSet


class ImportRunFilter(KernelFilterSet):
    """By how it stands."""

    state = django_filters.ChoiceFilter(label=_("Status"), choices=ImportRun.State.choices)

    class Meta:
        model = ImportRun
        fields: list[str] = []
