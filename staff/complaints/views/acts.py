"""The acts on a complaint: a table of form and service, and one page for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import require
from crm.kernel.access.errors import Text
from crm.kernel.web.views import KernelActionView
from staff.complaints import forms, selectors, services
from staff.complaints.models import Complaint, ComplaintClaim
from staff.complaints.selectors.eligible import claim_to_decide
from staff.complaints.views.cases import pending_of
from staff.complaints.views.lists import CRUMB, MENU, page_or_board
from staff.complaints.views.track import Track, limits_of
from staff.complaints.workflow import BY_CODE


def _plain(form: Any) -> dict[str, Any]:
    return dict(form.cleaned_data)


def _passes(form: Any) -> dict[str, Any]:
    return {"passes": form.passes(), "opinion": form.cleaned_data["opinion"]}


def _approves(form: Any) -> dict[str, Any]:
    return {"approves": form.passes(), "opinion": form.cleaned_data["opinion"]}


def _confirms(form: Any) -> dict[str, Any]:
    given = form.cleaned_data
    return {"confirms": form.passes(), "opinion": given["opinion"], "claim": given["claim"]}


@dataclass(frozen=True)
class Page:
    """What an act's page asks for and calls: `given(form)` are the service's arguments, `after` what follows."""

    form: Any
    service: Callable[..., Any]
    submit: Text
    done: Text
    after: Text = ""
    given: Callable[[Any], dict[str, Any]] = _plain


PAGES: dict[str, Page] = {
    "assign": Page(forms.AssignForm, services.complaint_assign, _("Assign handler"), _("The handler is assigned.")),
    "acknowledge": Page(
        forms.HowForm, services.complaint_acknowledge, _("Acknowledge receipt"), _("The acknowledgement is recorded.")
    ),
    "draft": Page(
        forms.DraftForm,
        services.complaint_draft,
        _("Save reply"),
        _("The reply is saved."),
        _(
            "The reply to a major complaint must first be checked by a second person; the complainant can be "
            "notified of a general one immediately."
        ),
    ),
    "review": Page(
        forms.VerdictForm,
        services.complaint_review,
        _("Submit my opinion"),
        _("Your opinion is recorded."),
        given=_passes,
    ),
    "reply": Page(
        forms.HowForm,
        services.complaint_reply,
        _("Record the reply"),
        _("The reply is recorded; the legal clock has stopped."),
        _("The complainant was notified of exactly the reply shown here. This cannot be changed afterwards."),
    ),
    "close": Page(
        forms.NoteForm,
        services.complaint_close,
        _("Close complaint"),
        _("The complaint is closed."),
        _("It can be reopened; its deadlines do not change then."),
    ),
    "reopen": Page(
        forms.ReasonForm,
        services.complaint_reopen,
        _("Reopen complaint"),
        _("The complaint is reopened."),
        _("The deadline is not reset: a limit that has passed remains passed."),
    ),
    "withdraw": Page(
        forms.WithdrawForm,
        services.complaint_withdraw,
        _("Close as withdrawn"),
        _("The complaint is closed as withdrawn."),
        _("Handling ends on the day the withdrawal was received. A limit that had passed by then remains passed."),
    ),
    "correct": Page(
        forms.CorrectForm,
        services.complaint_correct,
        _("Correct client or project"),
        _("Client and project are corrected."),
        _("The former entry stays on record. The class may change with the client."),
    ),
    "ask_recheck": Page(
        forms.AskRecheckForm,
        services.recheck_request,
        _("Record the request"),
        _("The request for a review of handling is recorded."),
        _("A request in time is answered by somebody one level up; one that is late is refused in writing."),
    ),
    "decide_recheck": Page(
        forms.RecheckVerdictForm,
        services.recheck_decide,
        _("Submit the answer"),
        _("The review of handling is answered."),
        _("If the complaint is to be handled again, a new limit runs; the first dates stay on record."),
    ),
    "extend": Page(
        forms.ReasonForm,
        services.extension_request,
        _("Register extension"),
        _("The extension is registered and is waiting for approval."),
        _("It takes effect only if it is approved and the complainant is notified before the current limit."),
    ),
    "decide_extension": Page(
        forms.ExtensionVerdictForm,
        services.extension_decide,
        _("Submit my opinion"),
        _("Your opinion is recorded."),
        given=_approves,
    ),
    "tell_extension": Page(
        forms.HowForm, services.extension_tell, _("Record the notification"), _("The extension is in force.")
    ),
    "pause": Page(
        forms.PauseForm,
        services.pause_start,
        _("Pause the clock"),
        _("The clock is paused."),
        _("It resumes automatically when the working days allowed for pauses are used up."),
    ),
    "resume": Page(forms.NoForm, services.pause_end, _("Resume the clock"), _("The clock has resumed.")),
    "reclassify": Page(
        forms.ReclassifyForm,
        services.complaint_reclassify,
        _("Change the facts that set the class"),
        _("The class follows the changed facts."),
    ),
    "concern": Page(
        forms.ConcernForm,
        services.complaint_concern,
        _("Name person complained of"),
        _("The person is named; a second person decides on it."),
        _(
            "From now on this person can take no action here. Once a second person confirms it, they and their "
            "relatives cannot see the complaint."
        ),
    ),
    "decide_claim": Page(
        forms.ClaimVerdictForm,
        services.claim_decide,
        _("Submit my opinion"),
        _("Your decision is recorded."),
        _(
            "If you do not confirm that somebody is complained of, or confirm the removal, that person can act on the "
            "complaint again."
        ),
        given=_confirms,
    ),
    "unconcern": Page(
        forms.ConcernForm,
        services.complaint_unconcern,
        _("Propose the removal"),
        _("The removal is proposed; a second person decides on it."),
    ),
}
# Acts whose form starts from what the row holds.
EDITS = frozenset({"draft", "reclassify", "correct"})


class ComplaintAct(KernelActionView):
    """One act of the table, on a page of its own."""

    model = Complaint
    menu = MENU
    code = ""
    template_name = "staff/complaints/act.html"

    @cached_property
    def claim(self) -> ComplaintClaim | None:
        """The claim that this page decides on."""
        return claim_to_decide(self.object, self.person) if self.code == "decide_claim" else None

    @property
    def spec(self) -> Page:
        return PAGES[self.code]

    def get_form_class(self) -> Any:
        """The act's own form."""
        return self.spec.form

    @property
    def submit_label(self) -> Text:  # type: ignore[override]
        """The act in words, on its button."""
        return self.spec.submit

    @property
    def consequence(self) -> Text:  # type: ignore[override]
        """What follows, under the button."""
        return self.spec.after

    def get_object(self, queryset: Any = None) -> Complaint:
        return selectors.complaint_get(viewer=self.person, pk=self.kwargs["pk"])

    def require_action(self) -> None:
        require(self.person, self.code, self.object)

    def get_title(self) -> Text:
        return str(BY_CODE[self.code].label).rstrip("….")

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.number, self.object.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        if self.code == "decide_claim":
            return {"claim": self.claim.pk if self.claim else None}
        names = self.spec.form.base_fields if self.code in EDITS else ()
        return {name: getattr(self.object, name) for name in names if hasattr(self.object, name)}

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        return {**given, "complaint": self.object} if self.get_form_class() is forms.AssignForm else given

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        row = self.object
        shown = {"track": Track.of(row, limits_of(row)), "pending": pending_of(row), "code": self.code}
        extra.setdefault("claim", self.claim)
        return super().get_context_data(**{**shown, **extra})

    def perform(self, form: Any) -> Any:
        given = self.spec.given(form)
        return self.spec.service(complaint=self.object, expected_version=self.expected_version, by=self.person, **given)

    def get_success_message(self, cleaned_data: Any) -> str:
        return str(self.spec.done)

    def get_success_url(self) -> str:
        return page_or_board(self.object, self.person)
