"""The auditor's list and one event opened into its parts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.home.trail import selectors
from crm.home.trail.filters import AuditEventFilter
from crm.home.trail.names import Names
from crm.home.trail.tables import AuditEventTable
from crm.home.trail.words import action_word
from crm.kernel.access.checks import get_visible, may
from crm.kernel.access.errors import NotVisible
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.selectors import anchor_age, sealing_lag
from crm.kernel.declarations.acts import SUBJECTS
from crm.kernel.web.views import KernelDetailView, KernelListView


class AuditList(KernelListView):
    model = AuditEvent
    selector = staticmethod(selectors.event_list)
    filterset_class = AuditEventFilter
    table_class = AuditEventTable
    template_name = "home/audit_list.html"
    title = _("Audit trail")
    menu = "audit"
    search_label = _("Person, subject or request number")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # An empty list would tell a stranger that there is a trail to look for.
        if not may(self.person, "view", AuditEvent):
            raise NotVisible
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(sealing_lag=sealing_lag(), anchor_age=anchor_age(), **extra)


class AuditDetail(KernelDetailView):
    model = AuditEvent
    template_name = "home/audit_detail.html"
    menu = "audit"

    def get_object(self, queryset: Any = None) -> AuditEvent:
        return selectors.event_get(viewer=self.person, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return action_word(self.object.action)

    def get_crumbs(self) -> Any:
        return [(AuditList.title, reverse("home:audit_list"))]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        names = Names([self.object], viewer=self.person)
        return super().get_context_data(event=self.object, names=names, subject=names.subject(self.object), **extra)


class SubjectHistory(KernelDetailView):
    """What was done to one row of a model with a history, for whoever may see it."""

    without_model = True
    template_name = "home/history.html"
    context_object_name = "subject"

    def get_object(self, queryset: Any = None) -> Any:
        declared = SUBJECTS.get(self.kwargs["label"])
        if declared is None or not declared.has_history:
            raise NotVisible
        return get_visible(declared.model, self.person, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return _("History: %(subject)s") % {"subject": self.object}

    def get_crumbs(self) -> Any:
        return [(str(self.object), self.object.get_absolute_url())]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        events = selectors.history_of(self.object, viewer=self.person)
        return super().get_context_data(events=events, names=Names(events, viewer=self.person), **extra)
