"""Board, table and intake of complaints."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.parameters import selectors as parameters
from crm.kernel.web.views import KernelCreateView, KernelListView
from crm.kernel.workdays import clock
from staff.complaints import forms, selectors, services
from staff.complaints.filters import ComplaintFilter
from staff.complaints.models import Complaint
from staff.complaints.tables import ComplaintTable
from staff.complaints.views.track import Track, due_lines, next_act

MENU = "complaints"
CRUMB = (_("Complaints"), "/complaints/")


class ComplaintList(KernelListView):
    """Every complaint one may see, as a table; the answered ones stand here too."""

    model = Complaint
    selector = selectors.complaint_list
    filterset_class = ComplaintFilter
    table_class: Any = ComplaintTable
    template_name = "staff/complaints/list.html"
    title = _("Complaints")
    menu = MENU
    search_label = _("Number or matter")
    create_url_name = "staff:complaint_receive"
    create_label = _("Record a complaint")
    noun = _("complaints")
    empty_title = _("No complaints yet")
    empty_text = _("Complaints arrive by hotline, counter, e-mail, from the regulator or through the public page.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        here = self.request.resolver_match.view_name if self.request.resolver_match else ""
        names = (("staff:complaint_board", _("By due date")), ("staff:complaint_list", _("Table")))
        ways = [{"text": text, "href": reverse(name), "current": here == name} for name, text in names]
        return super().get_context_data(ways=ways, named=selectors.claims_about(viewer=self.person), **extra)


class ComplaintBoard(ComplaintList):
    """Open complaints grouped by their legal limit, each on its track of sixty days (picture 09)."""

    template_name = "staff/complaints/board.html"
    body_template_name = "staff/complaints/_board.html"
    table_class = None
    paginate_by = None

    def get_queryset(self) -> QuerySet[Complaint]:
        # With the seats, since each line asks what this person may do.
        return super().get_queryset().prefetch_related("seats")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        today = clock.today()
        rules = parameters.values(("complaint.limits", "complaint.service"))
        limits = rules["complaint.limits"].value
        groups = [
            (
                group,
                [(row, Track.of(row, limits), due_lines(row, today), next_act(row, self.person)) for row in group.rows],
            )
            for group in selectors.board(self.object_list)
        ]
        return super().get_context_data(
            groups=groups,
            counts=selectors.counts(self.get_queryset()),
            limits=limits,
            service=rules["complaint.service"].value,
            **extra,
        )


class ComplaintReceive(KernelCreateView):
    """Record what somebody was told by telephone, at the counter, by e-mail or by the regulator."""

    model = Complaint
    form_class = forms.IntakeForm
    menu = MENU
    title = _("Record a complaint")
    crumbs = (CRUMB,)
    submit_label = _("Record complaint")
    cancel_url = "/complaints/"
    layout = {
        "received_at": "half",
        "subject": "half",
        "complainant_name": "third",
        "complainant_phone": "third",
        "complainant_email": "third",
        "client_code": "half",
        "project_name": "half",
        "amount": "half",
        "complainants": "half",
        "representatives": "third",
        "proxy_name": "third",
        "has_mandate": "third",
        "is_face_to_face": "half",
        "has_common_facts": "half",
        "is_in_media": "half",
        "is_suspicion": "half",
        "is_key_account": "half",
    }
    consequence = _("The class and the legal limit are set by rule. The person complained of cannot see the complaint.")

    def get_initial(self) -> dict[str, Any]:
        return {"received_at": clock.now().astimezone(clock.SHANGHAI).strftime(forms.MOMENT), "channel": "hotline"}

    def perform(self, form: forms.IntakeForm) -> Complaint:
        return services.complaint_receive(by=self.person, **form.arguments())

    def get_success_message(self, cleaned_data: Any) -> Any:
        words = {"number": self.result.number, "day": self.result.due_on.isoformat()}
        return _("Complaint %(number)s is recorded; legal limit %(day)s.") % words

    def get_success_url(self) -> str:
        """To its page, unless it is about the very person who recorded it."""
        return page_or_board(self.result, self.person)


def page_or_board(complaint: Complaint, person: Any) -> str:
    """The complaint's page, or the board when it is not (or no more) the person's to see."""
    if Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists():
        return complaint.get_absolute_url()
    return reverse("staff:complaint_board")
