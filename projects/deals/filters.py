"""One FilterSet for the list, the board and the API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.selectors import matches as client_matches
from crm.kernel.people.models import Department, Person
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from projects.deals import selectors
from projects.deals.facts import Catalogue, catalogue
from projects.deals.models import Project


def catalogue_for(request: Any) -> Catalogue:
    """The catalogue, read once per request: the filter's choices and the rows' words come from it."""
    found: Catalogue | None = getattr(request, "deal_catalogue", None)
    if found is None:
        found = catalogue()
        if request is not None:
            request.deal_catalogue = found
    return found


class ProjectFilter(KernelFilterSet):
    """`q` searches name and client; owner and department are the client's, a department includes those below it.

    Amounts are in the deal's own currency.
    """

    q = django_filters.CharFilter(label=_("Project or client"), method="find", max_length=60)
    # Narrowed to what the viewer may see in __init__: a chip must not tell a foreign client's name.
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="projects:client_picker")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Project.Status.choices)
    stage = django_filters.ChoiceFilter(label=_("Stage"), field_name="review_stage", choices=Project.Stage.choices)
    column = django_filters.ChoiceFilter(
        label=_("Column of the board"), choices=list(selectors.COLUMNS.items()), method="in_column"
    )
    product = django_filters.ChoiceFilter(label=_("Product"), choices=())
    sector = django_filters.ChoiceFilter(label=_("Capital sector"), choices=())
    owner = PickerFilter(
        label=_("Account manager"), field_name="client__owner", queryset=Person.objects.all(), url_name="person_picker"
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=Department.objects.all(), method="within"
    )
    amount_min = django_filters.NumberFilter(label=_("Amount from (yuan)"), field_name="amount", lookup_expr="gte")
    amount_max = django_filters.NumberFilter(label=_("Amount to (yuan)"), field_name="amount", lookup_expr="lte")
    ordering = KernelOrdering(
        fields=(
            ("name", "name"),
            ("amount", "amount"),
            ("term_months", "term"),
            ("due_on", "due"),
            ("id", "created"),
        ),
        field_labels={
            "name": _("Name"),
            "amount": _("Amount"),
            "term_months": _("Term"),
            "due_on": _("Due on"),
            "id": _("Created"),
        },
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = catalogue_for(self.request)
        # On the field, not in `extra`: whoever asked the class's own filter for its field first (the API schema does)
        # has had the empty choices kept there, and every copy would offer nothing.
        self.filters["product"].field.choices = list(known.products.items())
        self.filters["sector"].field.choices = list(known.sectors.items())

    def find(self, rows: QuerySet[Project], name: str, text: str) -> QuerySet[Project]:
        """By the project's name, or by the client's name or code."""
        if not identifying_form(text):
            return rows
        clients = Client.objects.filter(client_matches(text))
        return rows.filter(selectors.matches(text) | Q(client__in=clients.values("pk")))

    def in_column(self, rows: QuerySet[Project], name: str, key: str) -> QuerySet[Project]:
        return rows.filter(selectors.in_column(key))

    def within(self, rows: QuerySet[Project], name: str, department: Department) -> QuerySet[Project]:
        return rows.filter(client__department__path__startswith=department.path)
