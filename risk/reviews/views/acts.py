"""The acts on a case over the page: declare, decide, withdraw, nudge. Each calls one service."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict, DomainError, NotPermitted, NotVisible, Stale
from crm.kernel.text.sentences import listed
from crm.kernel.web.form_errors import add_domain_errors, version_of
from crm.kernel.web.middleware import note_refusal
from risk.reviews import selectors
from risk.reviews.forms import ConflictForm, DecisionForm, WithdrawForm
from risk.reviews.models import ReviewCase, Stage
from risk.reviews.selectors.eligibility import read_lookback_months
from risk.reviews.services import conflict_declare, decision_make, review_nudge, review_withdraw
from risk.reviews.services.declare import check_turn
from risk.reviews.views.case.decision import DecisionOptions
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.cases import CaseMixin
from risk.reviews.workflow import VERBS, Effect


def told(error: NotPermitted, case: ReviewCase) -> NotPermitted:
    """The refusal with what its page says besides: what cannot be done, who can, where to go."""
    who = error.details.get("who_can") or []
    error.details |= {
        "headline": _("You cannot decide this case at the %(stage)s")
        % {"stage": str(case.get_stage_display()).lower()},
        "who": listed(who) if isinstance(who, list) else who,
        "instead": _("View the case; tell the people who may decide what you know about it."),
        "url": case.get_absolute_url(),
        "url_text": _("Open the case"),
    }
    return error


class CaseAct(CaseMixin):
    """POST: one act on a case. It starts from the bare case; the whole of it is read only when a page is drawn."""

    http_method_names = ["post", "options"]
    form_name = "form"
    is_whole = False

    def get_object(self, queryset: Any = None) -> ReviewCase:
        return selectors.get_bare_review(viewer=self.person, pk=self.kwargs["pk"])

    def load_whole(self) -> None:
        """The case as it is now, with all its parts."""
        self.object, self.is_whole = selectors.get_review(viewer=self.person, pk=self.kwargs["pk"]), True

    def case_page(self, **shown: Any) -> HttpResponse:
        if not self.is_whole:
            self.load_whole()
        return super().case_page(**shown)

    def build_form(self) -> Any:
        """The form as it was posted."""
        raise NotImplementedError

    def perform(self, form: Any) -> None:
        """Call the service with what the form says."""
        raise NotImplementedError

    def answer(self, form: Any) -> HttpResponse:
        """What follows the act."""
        return HttpResponseRedirect(self.object.get_absolute_url())

    def spread(self, form: Any, error: DomainError) -> None:
        """Put the service's messages beside the fields."""
        add_domain_errors(form, error)

    def explain(self, error: NotPermitted) -> NotPermitted:
        """The refusal of who may not act."""
        return error

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.build_form()
        try:
            if not form.is_valid():
                self.check_turn()
                return self.case_page(**{self.form_name: form}, status=422, version=version_of(request))
            self.perform(form)
        except NotVisible:
            raise
        except NotPermitted as error:
            raise self.explain(error) from None
        except DomainError as error:
            self.spread(form, error)
            return self.refuse(error, **{self.form_name: form})
        return self.answer(form)

    def refuse(self, error: DomainError, **forms: Any) -> HttpResponse:
        """The service's refusal on the page, with what was typed. A case that moved on is shown as it stands now."""
        note_refusal(self.request, error)
        seen = self.object
        self.load_whole()
        if isinstance(error, Stale):
            return self.case_page(status=error.status, stale=self.compare(error), **forms)
        if isinstance(error, Conflict):
            return self.case_page(status=error.status, stale=[(_("Reason"), error.message)], **forms)
        kept = version_of(self.request)
        return self.case_page(status=error.status, version=seen.version if kept is None else kept, **forms)

    def check_turn(self) -> None:
        """Before a form is found wrong: refuse what no form can mend."""

    def compare(self, error: DomainError) -> list[tuple[Any, Any]]:
        """What the case was when the form was opened, and what it is now, in words."""
        record = self.build_page().record
        now = [str(self.object.get_stage_display()), _("round %(number)d") % {"number": self.object.round}]
        last = record.opinions[0] if record.opinions else None
        rows: list[tuple[Any, Any]] = [
            (_("You saw"), _("version %(number)s") % {"number": self.request.POST.get("version") or "—"}),
            (_("Now"), " · ".join([_("version %(number)s") % {"number": self.object.version}, *now])),
        ]
        if last:
            words = Stage(self.object.stage).label if not last["verb"] else f"{last['stage']} · {last['at']}"
            rows.append((_("Last decision"), f"{last['name']} · {words}"))
        return rows


class TurnAct(CaseAct):
    """An act of who may decide now. An old case or another's turn is told before a form is found wrong."""

    def check_turn(self) -> None:
        check_turn(self.object, version_of(self.request), months=read_lookback_months(), by=self.person)

    def explain(self, error: NotPermitted) -> NotPermitted:
        return told(error, self.object)


class ReviewConflict(TurnAct):
    """The declaration. No conflict opens the decision; a conflict is a recusal."""

    def build_form(self) -> ConflictForm:
        return ConflictForm(self.request.POST)

    def perform(self, form: ConflictForm) -> None:
        self.has_conflict = form.cleaned_data["has_conflict"] == "yes"
        conflict_declare(
            case=self.object,
            has_conflict=self.has_conflict,
            text=form.cleaned_data["text"] if self.has_conflict else "",
            expected_version=version_of(self.request),
            by=self.person,
        )

    def answer(self, form: ConflictForm) -> HttpResponse:
        if self.request.htmx and not self.has_conflict:  # type: ignore[attr-defined]
            return self.case_page()
        return HttpResponseRedirect(self.after_declaring(self.has_conflict))

    def after_declaring(self, has_conflict: bool) -> str:
        # Who recused reads no further.
        return reverse("risk:review_inbox") if has_conflict else f"{self.object.get_absolute_url()}#decide"


class ReviewDecide(TurnAct):
    """The decision. With `add` only one more row is drawn, nothing is checked or decided."""

    def build_form(self) -> DecisionForm:
        options = DecisionOptions(CaseRows(self.object, self.person))
        return DecisionForm(self.request.POST, options=options, add=self.request.POST.get("add", ""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("add"):
            return self.case_page(form=unchecked(self.build_form()), version=version_of(request))
        return super().post(request, *args, **kwargs)

    def perform(self, form: DecisionForm) -> None:
        decision_make(case=self.object, expected_version=version_of(self.request), by=self.person, **form.decided())

    def spread(self, form: DecisionForm, error: DomainError) -> None:
        spread(form, error)

    def answer(self, form: DecisionForm) -> HttpResponse:
        recused = VERBS[form.cleaned_data["verb"]].effect is Effect.LEAVE
        return HttpResponseRedirect(self.after_deciding(recused=recused))

    def after_deciding(self, *, recused: bool) -> str:
        return reverse("risk:review_inbox") if recused else self.object.get_absolute_url()


class ReviewWithdraw(CaseAct):
    """The makers take the case back."""

    form_name = "withdraw_form"

    def build_form(self) -> WithdrawForm:
        return WithdrawForm(self.request.POST)

    def perform(self, form: WithdrawForm) -> None:
        review_withdraw(
            case=self.object,
            reason=form.cleaned_data["reason"],
            expected_version=version_of(self.request),
            by=self.person,
        )


class ReviewNudge(CaseMixin):
    """POST: ask those who may decide for their decision."""

    http_method_names = ["post", "options"]

    def get_object(self, queryset: Any = None) -> ReviewCase:
        return selectors.get_bare_review(viewer=self.person, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            people = review_nudge(case=self.object, by=self.person)
            messages.success(request, _("Reminded: %(names)s.") % {"names": listed(person.name for person in people)})
        except (NotPermitted, NotVisible):
            raise
        except DomainError as error:
            note_refusal(request, error)
            messages.error(request, str(error.message))
        return HttpResponseRedirect(self.object.get_absolute_url())


def unchecked(form: DecisionForm) -> DecisionForm:
    """A bound form that shows what was typed and says nothing about it yet."""
    bound: list[Any] = [form, *form.items.forms, *form.conditions.forms]
    for one in bound:
        one._errors = {}
    return form


def spread(form: DecisionForm, error: DomainError) -> None:
    """Put the service's messages beside our fields; rows of items and conditions by their number."""
    left: dict[str, Any] = {}
    for name, texts in error.errors.items():
        head, _dot, rest = name.partition(".")
        if head == "dropped" and f"drop_{rest}" in form.fields:
            form.add_error(f"drop_{rest}", [str(text) for text in texts])
        elif form.field_of(name) in form.fields:
            form.add_error(form.field_of(name), [str(text) for text in texts])
        elif row := form.row_of(head, rest):
            row[0].add_error(row[1], [str(text) for text in texts])
        else:
            left[name] = texts
    for texts in left.values():
        for text in texts:
            form.add_error(None, str(text))
