"""The pages of grades: enter one from the client's page, give the second word, the list, the panel that explains."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Grade
from crm.kernel.access.checks import as_answer, may
from crm.kernel.access.errors import BadInput
from crm.kernel.parameters import selectors as parameters
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelListView
from crm.kernel.workdays import clock
from risk.ratings import selectors, services
from risk.ratings.filters import ME, RatingFilter
from risk.ratings.forms import RatingForm, ScoreForm, VerdictForm
from risk.ratings.models import Rating
from risk.ratings.policies import worked_on
from risk.ratings.rules.validity import latest_expiry
from risk.ratings.scoring import CARD, check_answers, has_card, is_scored, score_client
from risk.ratings.shown import draw_scoring
from risk.ratings.tables import RatingTable

MENU = "ratings"


class RatingList(KernelListView):
    """Grades of all clients one may see; the first tab is what waits for one's own confirmation."""

    model = Rating
    menu = MENU
    title = _("Ratings")
    selector = selectors.rating_list
    filterset_class = RatingFilter
    table_class = RatingTable
    template_name = "risk/ratings/list.html"
    empty_title = _("No ratings yet")
    empty_text = _("A risk assessor enters a rating on the client's page; a second one confirms it here.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        mine = self.request.GET.get("waiting") == ME
        tabs = [
            {"text": _("Waiting for my confirmation"), "href": f"?waiting={ME}", "current": mine},
            {"text": _("All I can view"), "href": self.request.path, "current": not mine},
        ]
        return super().get_context_data(tabs=tabs, **extra)


class RatingCreate(KernelActionView):
    """A grade for a client, typed; whom the scorecard grades is led there. The client's row is judged by the rating's
    policy, not by its own.
    """

    model = Client
    form_class = RatingForm
    template_name = "risk/ratings/form.html"
    menu = "clients"
    title = _("Enter a rating")
    submit_label = _("Enter rating")
    success_message = _("The rating is entered; a second risk assessor must confirm it.")
    consequence = _("The client's grade changes only after a second risk assessor confirms.")

    def require_action(self) -> None:
        services.require_enter(client=self.object, by=self.person)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = super().get(request, *args, **kwargs)
        return redirect("risk:rating_score", pk=self.object.pk) if is_scored(self.object) else page

    def get_crumbs(self) -> Any:
        return ((_("Clients"), reverse("clients:client_list")), (self.object.name, self.object.get_absolute_url()))

    @cached_property
    def latest(self) -> list[tuple[str, date]]:
        """How long each grade would hold if entered today."""
        months = parameters.value(services.VALIDITY).value
        return [(grade, latest_expiry(grade, clock.today(), months)) for grade in Grade.values]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        found = selectors.ratings_of(viewer=self.person, client=self.object)
        # Entering overwrites nothing, so the form carries no version.
        return super().get_context_data(**{**extra, "latest": self.latest, "former": found, "version": None})

    def perform(self, form: RatingForm) -> Rating:
        return services.rating_enter(client=self.object, by=self.person, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class RatingScore(KernelActionView):
    """A client on the scorecard. While one answers, htmx asks for the points so far (`preview`); nothing is written."""

    model = Client
    form_class = ScoreForm
    template_name = "risk/ratings/score.html"
    menu = "clients"
    title = _("Rate on the scorecard")
    submit_label = _("Enter rating")
    success_message = _("The rating is entered; a second risk assessor must confirm it.")
    consequence = _("The client's grade changes only after a second risk assessor confirms.")

    def require_action(self) -> None:
        services.require_enter(client=self.object, by=self.person)

    def get_crumbs(self) -> Any:
        return ((_("Clients"), reverse("clients:client_list")), (self.object.name, self.object.get_absolute_url()))

    @cached_property
    def card(self) -> Any:
        """The card in force."""
        return parameters.value(CARD).value

    def get_form_kwargs(self) -> dict[str, Any]:
        names = {code: parameters.label(one) for code, one in self.card["experts"].items()}
        return {**super().get_form_kwargs(), "names": names}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" not in request.GET:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.full_clean()
        # What is still empty is said at the end.
        wrong = [error for errors in form.errors.as_data().values() for error in errors if error.code != "required"]
        problems = [text for error in wrong for text in error.messages]
        try:
            check_answers(form.answers())
        except BadInput as error:
            problems += [str(text) for texts in error.errors.values() for text in texts]
        return render(request, "risk/ratings/_scoring.html", {"scoring": self.score(form), "problems": problems})

    def score(self, form: ScoreForm) -> dict[str, Any] | None:
        """The points of what is answered so far; None where the card is not made for the client."""
        if not has_card(self.object):
            return None
        answers = form.answers() if form.is_bound else {}
        return draw_scoring(score_client(self.object, answers, viewer=self.person).stored)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        found = super().get_context_data(**{**extra, "version": None})
        return {**found, "scoring": self.score(found["form"])}

    def perform(self, form: ScoreForm) -> Rating:
        given = form.cleaned_data
        return services.rating_score(
            client=self.object,
            answers=form.answers(),
            grade=given["grade"] or None,
            override_reason=given["override_reason"],
            valid_until=given["valid_until"],
            source=given["source"],
            reason=given["reason"],
            by=self.person,
        )


class RatingConfirm(KernelActionView):
    """One grade explained; who may give the second word finds the form beside it."""

    model = Rating
    action = "view"
    form_class = VerdictForm
    template_name = "risk/ratings/confirm.html"
    menu = MENU
    submit_label = _("Submit my opinion")

    def get_object(self, queryset: Any = None) -> Rating:
        return selectors.rating_get(viewer=self.person, pk=self.kwargs["pk"])

    def shown_evidence(self) -> list[Model]:
        return [self.object]

    def get_title(self) -> Any:
        return _("Rating of %(client)s") % {"client": self.object.kept.client.name}

    def get_crumbs(self) -> Any:
        return ((_("Ratings"), reverse("risk:rating_list")),)

    def get_cancel_url(self) -> str:
        return reverse("risk:rating_list")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        rating = self.object
        shown = {
            "rating": rating,
            "may_confirm": may(self.person, "confirm", rating),
            "is_waiting": rating.status == Rating.Status.PROPOSED,
            "rule": rule_of(rating),
            "scoring": draw_scoring(rating.scoring) if rating.scoring else None,
            "version": None,
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: VerdictForm) -> Rating:
        if form.declines():
            return services.rating_reject(
                rating=self.object, reason=form.cleaned_data["rejected_reason"], by=self.person
            )
        return services.rating_confirm(rating=self.object, by=self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.status == Rating.Status.CONFIRMED:
            return _("The rating is in force.")
        return _("The rating is declined; the current grade does not change.")


class ClientRating(KernelPanelView):
    """The panel on the client's page: the grade in force explained, and what waits."""

    model = Client
    template_name = "risk/ratings/_panel.html"
    list_url_name, list_filter = "risk:rating_list", "client"

    def get_object(self, queryset: Any = None) -> Client:
        """The client, with whether the person works on it."""
        works = Client.objects.annotate(is_worked_on=as_answer(worked_on(self.person)))
        return self.ask_object(works.defer("grams", "sounds", "identity_number"))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        rows = selectors.ratings_of(viewer=self.person, client=self.object)
        in_force = next((row for row in rows if row.status == Rating.Status.CONFIRMED), None)
        return super().get_context_data(
            rating=in_force,
            waiting=next((row for row in rows if row.status == Rating.Status.PROPOSED), None),
            rows=rows,
            rule=rule_of(in_force) if in_force else "",
            may_enter=self.may("create", Rating) and not self.object.is_worked_on,
            **extra,
        )


def rule_of(rating: Rating) -> Any:
    """The rule that capped the validity, with its version."""
    stamp = rating.rule_versions[0] if rating.rule_versions else {}
    return _("Longest validity by grade, version %(version)s, in force from %(day)s") % {
        "version": stamp.get("version", "—"),
        "day": stamp.get("effective_from", "—"),
    }
