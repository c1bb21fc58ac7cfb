"""One FilterSet for the page of limits and the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Grade
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from risk.limits import selectors
from risk.limits.models import CreditLimit

ME = "me"


class CreditLimitFilter(KernelFilterSet):
    """`waiting=me`: proposals that I may decide."""

    waiting = django_filters.ChoiceFilter(
        label=_("Waiting for"), choices=[(ME, _("my decision"))], method="waiting_for_me"
    )
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=CreditLimit.Status.choices)
    grade = django_filters.MultipleChoiceFilter(label=_("Grade"), choices=Grade.choices, distinct=False)
    ordering = KernelOrdering(
        fields=(("entered_at", "entered"), ("valid_until", "until"), ("amount", "amount")),
        field_labels={"entered_at": _("Proposed"), "valid_until": _("Valid until"), "amount": _("Limit")},
    )

    class Meta:
        model = CreditLimit
        fields: list[str] = []

    def waiting_for_me(self, rows: QuerySet[CreditLimit], name: str, value: str) -> QuerySet[CreditLimit]:
        return rows.filter(pk__in=selectors.waiting_for(viewer=self.request.person).order_by().values("pk"))
