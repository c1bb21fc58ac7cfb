"""The complaint's page: its clock, what happened, who answers, what may be done now."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may, require
from crm.kernel.access.errors import Text
from crm.kernel.access.masks import masked, masked_fields
from crm.kernel.attachments.views import file_response
from crm.kernel.audit.services import record_read
from crm.kernel.people.models import Person
from crm.kernel.web.fragments import KernelPickerView
from crm.kernel.web.views import KernelActionView, KernelDetailView, ObjectMixin
from crm.kernel.workdays import clock
from staff.complaints import forms, selectors, services
from staff.complaints.models import Complaint, ComplaintFile, Extension, Part, Tie
from staff.complaints.selectors.eligible import candidates, handler_search
from staff.complaints.views.lists import CRUMB, MENU
from staff.complaints.views.track import Track, due_lines, limits_of
from staff.complaints.workflow import ACTS, NEXT


def pending_of(row: Complaint) -> Extension | None:
    """The extension that waits for approval or for being told, of those fetched along."""
    return next((item for item in row.extension_rows.all() if item.is_pending), None)


def possible(code: str, row: Complaint) -> bool:
    """Whether an act makes sense now, beyond its stage."""
    pending = pending_of(row)
    paused = any(pause.ended_on is None for pause in row.pauses.all())
    in_time = row.due_on >= clock.today()
    return {
        "acknowledge": row.acknowledged_at is None,
        "extend": pending is None and row.extensions < 2 and in_time and not paused,
        "decide_extension": pending is not None and pending.is_approved is None,
        "tell_extension": pending is not None and bool(pending.is_approved),
        "pause": pending is None and not paused and row.due_on > clock.today(),
        "resume": paused,
        "ask_recheck": row.replied_at is not None and all(item.verdict for item in row.rechecks.all()),
        "decide_recheck": any(not item.verdict for item in row.rechecks.all()),
        "decide_claim": any(claim.is_confirmed is None for claim in row.claims.all()),
        "unconcern": any(seat.tie == Tie.SUBJECT for seat in row.seats.all()),
        "close": all(claim.is_confirmed is not None for claim in row.claims.all()),
    }.get(code, True)


NAMED = (Tie.SUBJECT, Tie.CLAIMED)


class ComplaintDetail(KernelDetailView):
    model = Complaint
    template_name = "staff/complaints/detail.html"
    menu = MENU
    crumbs = (CRUMB,)
    context_object_name = "complaint"

    def get_object(self, queryset: Any = None) -> Complaint:
        return selectors.complaint_get(viewer=self.person, pk=self.kwargs["pk"])

    def shown_evidence(self) -> list[Model]:
        row = self.object
        return [row, *row.events.all(), *row.claims.all(), *row.rechecks.all()]

    def get_title(self) -> Text:
        return str(self.object.title)

    @cached_property
    def acts(self) -> list[dict[str, Any]]:
        """The acts this person may do at this stage, the next one first; it alone is marked (`is_next`)."""
        row = self.object
        found: list[dict[str, Any]] = [
            {"act": act, "url": reverse(f"staff:complaint_{act.code}", args=[row.pk])}
            for act in ACTS
            if row.status in act.sources and possible(act.code, row) and may(self.person, act.code, row)
        ]
        order = NEXT if row.responsible_id or not row.is_open else ("assign",)
        codes = [item["act"].code for item in found]
        first = next((code for code in order if code in codes), "")
        for item in found:
            item["is_next"] = item["act"].code == first
        return sorted(found, key=lambda item: not item["is_next"])

    @property
    def seats(self) -> list[dict[str, Any]]:
        """Everybody with a part beside the responsible person; who is whose relative is shown to few."""
        row, all_ties = self.object, may(self.person, "ties", self.object)
        rows = [
            {"seat": seat, "tie": seat.get_tie_display() if seat.tie and (all_ties or seat.tie in NAMED) else ""}
            for seat in row.seats.all()
            if seat.part != Part.HANDLER or seat.person_id != row.responsible_id
        ]
        return [item for item in rows if item["tie"] or item["seat"].part != Part.CONCERNED]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        row, today = self.object, clock.today()
        names = masked_fields(Complaint)
        return super().get_context_data(
            track=Track.of(row, limits_of(row)),
            due=due_lines(row, today),
            acts=self.acts,
            events=selectors.event_list(viewer=self.person, complaint=row),
            seats=self.seats,
            extensions=list(row.extension_rows.all()),
            candidates=candidates(row) if row.is_open and may(self.person, "assign", row) else [],
            personal=[(name, Complaint._meta.get_field(name), masked(row, name)) for name in names],
            may_reveal=bool(may(self.person, "reveal", row)),
            today=today,
            **extra,
        )


class HandlerPicker(KernelPickerView):
    """Who may answer for `?complaint=`, by the beginning of the name `?q=`; nobody without a complaint."""

    model = Complaint

    def get_rows(self, text: str) -> Iterable[Person]:
        key = self.request.GET.get("complaint", "").replace("\x00", "")
        if not key.isdecimal() or len(key) > 18:
            return []
        row = selectors.complaint_get(viewer=self.person, pk=int(key))
        require(self.person, "assign", row)
        return handler_search(row, viewer=self.person, text=text)

    def get_hint(self, row: Person) -> str:
        return row.department.name


class EvidenceDownload(ObjectMixin):
    """One evidence file. The download is recorded before the first byte goes out."""

    model = ComplaintFile

    def get_object(self, queryset: Any = None) -> ComplaintFile:
        return self.ask_object(ComplaintFile.objects.select_related("complaint", "file"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        found = self.object
        answer = file_response(found.file)
        record_read(
            "complaint.evidence_downloaded",
            subject=found.complaint,
            by=self.person,
            data={"file": found.pk, "sha256": found.file.sha256},
        )
        return answer


class ComplaintReveal(KernelActionView):
    """A masked field of the complainant in clear, for a purpose."""

    model = Complaint
    action = "reveal"
    form_class = forms.PurposeForm
    template_name = "staff/complaints/reveal.html"
    menu = MENU
    title = _("View a masked field")
    submit_label = _("Show")
    consequence = _("Who read what and why is recorded.")

    def get_object(self, queryset: Any = None) -> Complaint:
        return selectors.complaint_get(viewer=self.person, pk=self.kwargs["pk"])

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.number, self.object.get_absolute_url()))

    def perform(self, form: Any) -> str:
        return services.complaint_reveal(
            complaint=self.object, field=self.kwargs["field"], by=self.person, **form.cleaned_data
        )

    def form_valid(self, form: Any) -> HttpResponse:
        value = self.perform(form)
        return self.render_to_response(self.get_context_data(value=value))
