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
from crm.kernel.web.views import KernelListView, KernelView


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


class AuditDetail(KernelView):
    model = AuditEvent
    template_name = "home/audit_detail.html"
    menu = "audit"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = selectors.event_get(viewer=self.person, pk=pk)
        self.title = action_word(event.action)
        self.crumbs = [(AuditList.title, reverse("home:audit_list"))]
        names = Names([event], viewer=self.person)
        return self.page(event=event, names=names, subject=names.subject(event))


class SubjectHistory(KernelView):
    """What was done to one row of a model with a history, for whoever may see it."""

    without_model = True
    template_name = "home/history.html"

    def get(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        declared = SUBJECTS.get(label)
        if declared is None or not declared.has_history:
            raise NotVisible
        subject: Any = get_visible(declared.model, self.person, pk=pk)
        self.title = _("History: %(subject)s") % {"subject": subject}
        self.crumbs = [(str(subject), subject.get_absolute_url())]
        events = selectors.history_of(subject, viewer=self.person)
        return self.page(subject=subject, events=events, names=Names(events, viewer=self.person))
