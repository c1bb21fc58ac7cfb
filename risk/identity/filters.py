"""The FilterSet of changes of identity."""

import django_filters
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from risk.identity.models import IdentityChange


class IdentityChangeFilter(KernelFilterSet):
    """By client and by what became of it."""

    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=IdentityChange.Status.choices)
    ordering = KernelOrdering(fields=(("proposed_at", "proposed"),), field_labels={"proposed_at": _("Proposed")})

    class Meta:
        model = IdentityChange
        fields: list[str] = []
