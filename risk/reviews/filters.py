"""One FilterSet for the list of cases and the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.selectors import matches as client_matches
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import visible
from projects.deals.models import Project
from projects.deals.selectors import matches as project_matches
from risk.reviews import selectors
from risk.reviews.models import CaseStatus, ReviewCase, Stage


class ReviewFilter(KernelFilterSet):
    """`waiting=me` is the inbox: open cases this person may decide now. `q` searches number, deal and client."""

    q = django_filters.CharFilter(label=_("Number, project or client"), method="find", max_length=60)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=CaseStatus.choices)
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=Stage.choices, method="at_stage")
    waiting = django_filters.ChoiceFilter(label=_("Waiting for"), choices=[("me", _("me"))], method="waiting_for")
    project = django_filters.ModelChoiceFilter(label=_("Project"), queryset=visible(Project))
    client = django_filters.ModelChoiceFilter(label=_("Client"), field_name="project__client", queryset=visible(Client))
    ordering = KernelOrdering(
        fields=(
            ("due_on", "due_on"),
            ("opened_at", "opened"),
            ("number", "number"),
            ("project__amount", "amount"),
            ("stage_since", "since"),
        ),
        field_labels={
            "due_on": _("Due"),
            "opened_at": _("Submitted"),
            "number": _("Number"),
            "project__amount": _("Amount"),
            "stage_since": _("At this stage since"),
        },
    )

    class Meta:
        model = ReviewCase
        fields: list[str] = []

    def find(self, rows: QuerySet[ReviewCase], name: str, text: str) -> QuerySet[ReviewCase]:
        """By the case's number, the deal's name, the client's name or code."""
        if not identifying_form(text):
            return rows
        clients = Client.objects.filter(client_matches(text))
        projects = Project.objects.filter(project_matches(text) | Q(client__in=clients.values("pk")))
        return rows.filter(Q(number__begins_like=text) | Q(project__in=projects.order_by().values("pk")))

    def at_stage(self, rows: QuerySet[ReviewCase], name: str, stage: str) -> QuerySet[ReviewCase]:
        """Open cases that stand there: a closed case stands nowhere."""
        return rows.filter(status=CaseStatus.OPEN, stage=stage)

    def waiting_for(self, rows: QuerySet[ReviewCase], name: str, who: str) -> QuerySet[ReviewCase]:
        return selectors.filter_waiting_for(rows, self.request.person)
