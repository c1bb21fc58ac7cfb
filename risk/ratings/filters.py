"""One FilterSet for the page of grades and the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Grade
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from risk.ratings import selectors
from risk.ratings.models import Rating

ME = "me"


class RatingFilter(KernelFilterSet):
    """`waiting=me`: proposals that I may confirm."""

    waiting = django_filters.ChoiceFilter(
        label=_("Waiting for"), choices=[(ME, _("my confirmation"))], method="waiting_for_me"
    )
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Rating.Status.choices)
    grade = django_filters.MultipleChoiceFilter(label=_("Grade"), choices=Grade.choices, distinct=False)
    ordering = KernelOrdering(
        fields=(("entered_at", "entered"), ("valid_until", "until")),
        field_labels={"entered_at": _("Entered"), "valid_until": _("Valid until")},
    )

    class Meta:
        model = Rating
        fields: list[str] = []

    def waiting_for_me(self, rows: QuerySet[Rating], name: str, value: str) -> QuerySet[Rating]:
        return rows.filter(pk__in=selectors.waiting_for(viewer=self.request.person).order_by().values("pk"))
