"""Acts: closing a quarter, correcting a closed one, proposing and publishing a scheme."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Avg, Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.access.errors import DomainError
from crm.kernel.web.views import KernelActionView, KernelCreateView, KernelListView
from staff.kpi import services
from staff.kpi.forms import WITHDRAW, CloseForm, CorrectionForm, SchemeForm, SchemeVerdictForm
from staff.kpi.models import KpiPeriod, KpiResult, KpiScheme
from staff.kpi.selectors import seen
from staff.kpi.selectors.measures import MEASURES
from staff.kpi.tables import KpiSchemeTable
from staff.kpi.views import words
from staff.kpi.views.results import MENU


class KpiClose(KernelActionView):
    """Closing a quarter, with what follows from it."""

    model = KpiPeriod
    action = "close"
    form_class = CloseForm
    menu = MENU
    template_name = "staff/kpi/close.html"
    submit_label = _("Close the quarter")
    success_message = _("The quarter is closed; its figures no longer change.")
    consequence = _(
        "The figures are computed a final time and stored with their hashes. After that nobody can change them, "
        "not even administrators; later findings appear as dated corrections in the next quarter. This cannot be "
        "undone."
    )

    def get_title(self) -> Any:
        return _("Close quarter %(code)s") % {"code": self.object.code}

    def get_crumbs(self) -> Any:
        return ((_("KPI"), self.object.get_absolute_url()),)

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        rows = seen.result_list(viewer=self.person).filter(period=self.object)
        sums = rows.order_by().aggregate(people=Count("pk"), mean=Avg("ranking", filter=Q(is_ranked=True)))
        shown = {"people": sums["people"], "mean": sums["mean"], "objections_until": seen.closing_from(self.object)}
        return super().get_context_data(**{**shown, **extra})

    def perform(self, form: Any) -> KpiPeriod:
        return services.period_close(period=self.object, expected_version=self.expected_version, by=self.person)


class KpiCorrect(KernelActionView):
    """A correction of a closed quarter."""

    model = KpiResult
    action = "correct"
    form_class = CorrectionForm
    menu = MENU
    submit_label = _("Enter the correction")
    success_message = _("The correction is recorded and appears in the next open quarter.")
    consequence = _("The closed quarter is not changed; the person sees this correction with your name and reason.")

    def get_object(self, queryset: Any = None) -> KpiResult:
        return seen.result_get(viewer=self.person, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return _("Correct quarter %(code)s of %(name)s") % {
            "code": self.object.period.code,
            "name": self.object.kept.person.name,
        }

    def get_crumbs(self) -> Any:
        return (
            (_("KPI"), self.object.period.get_absolute_url()),
            (self.object.kept.person.name, self.get_cancel_url()),
        )

    def get_initial(self) -> dict[str, Any]:
        return {"token": uuid4()}

    def get_form_kwargs(self) -> dict[str, Any]:
        measures = [line["measure"] for line in words.opened(self.object)["lines"]]
        return {**super().get_form_kwargs(), "measures": measures}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        # An entry overwrites nothing, so the form carries no version.
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: Any) -> KpiResult:
        services.correction_enter(result=self.object, by=self.person, **form.cleaned_data)
        return self.object


class KpiSchemeList(KernelListView):
    """What each post is measured by."""

    model = KpiScheme
    menu = MENU
    title = _("KPI schemes")

    def get_crumbs(self) -> Any:
        return ((_("KPI"), reverse("staff:kpi_table")),)

    selector = seen.scheme_list
    table_class = KpiSchemeTable
    create_url_name = "staff:kpi_scheme_create"
    create_label = _("Propose a scheme")
    empty_title = _("No scheme yet")
    empty_text = _("A scheme defines what a post is measured by: measures whose weights add up to 100.")


class KpiSchemeCreate(KernelCreateView):
    """A new version of a post's scheme."""

    model = KpiScheme
    form_class = SchemeForm
    menu = MENU
    title = _("Propose a scheme")
    template_name = "staff/kpi/scheme_form.html"
    submit_label = _("Propose scheme")
    success_message = _("The scheme is waiting for publication by a second person.")
    consequence = _("It takes effect only after a second person publishes it. The weights must add up to 100.")

    def get_crumbs(self) -> Any:
        return ((_("KPI schemes"), reverse("staff:kpi_scheme_list")),)

    def get_cancel_url(self) -> str:
        return reverse("staff:kpi_scheme_list")

    def perform(self, form: SchemeForm) -> KpiScheme:
        given = {name: form.cleaned_data[name] for name in ("post", "effective_from", "source")}
        return services.scheme_propose(rows=form.rows(), by=self.person, **given)

    def form_refused(self, form: forms.BaseForm, error: DomainError) -> Any:
        # `rows.2.weight` is the third measure that was given a weight.
        codes = [code for code in MEASURES if form.cleaned_data.get(f"{code}-weight") is not None]
        for name in list(error.errors):
            part = name.split(".")
            if len(part) == 3 and part[0] == "rows":
                texts = error.errors.pop(name)
                error.errors[f"{codes[int(part[1])]}-{_column(part[2])}"] = texts
        return super().form_refused(form, error)

    def get_success_url(self) -> str:
        return reverse("staff:kpi_scheme", args=[self.result.pk])


def _column(name: str) -> str:
    """The form's field in which a figure of a row is typed."""
    return {"target": "first", "full_at": "first", "step": "first", "cap": "second", "zero_at": "second"}.get(
        name, name
    )


class KpiSchemePage(KernelActionView):
    """One scheme; who may give the second word finds the form beside it."""

    model = KpiScheme
    action = "view"
    form_class = SchemeVerdictForm
    menu = MENU
    template_name = "staff/kpi/scheme.html"
    submit_label = _("Submit my opinion")

    def get_object(self, queryset: Any = None) -> KpiScheme:
        return seen.scheme_get(viewer=self.person, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return _("Scheme of %(post)s, version %(number)s") % {
            "post": self.object.kept.post,
            "number": self.object.number,
        }

    def get_crumbs(self) -> Any:
        return ((_("KPI schemes"), reverse("staff:kpi_scheme_list")),)

    def get_cancel_url(self) -> str:
        return reverse("staff:kpi_scheme_list")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        rows = [
            (row, MEASURES[row.measure], words.rule_short(MEASURES[row.measure], row.scoring))
            for row in self.object.rows.all()
        ]
        shown = {
            "scheme": self.object,
            "rows": rows,
            "is_draft": self.object.status == KpiScheme.Status.DRAFT,
            "may_approve": may(self.person, "approve", self.object),
            "may_withdraw": may(self.person, "withdraw", self.object),
        }
        return super().get_context_data(**{**shown, **extra})

    def perform(self, form: SchemeVerdictForm) -> KpiScheme:
        given = {"scheme": self.object, "expected_version": self.expected_version, "by": self.person}
        if form.cleaned_data["verdict"] == WITHDRAW:
            return services.scheme_withdraw(reason=form.cleaned_data["reason"], **given)
        return services.scheme_approve(**given)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.status == KpiScheme.Status.PUBLISHED:
            return _("The scheme is published.")
        return _("The scheme is withdrawn.")

    def get_success_url(self) -> str:
        return reverse("staff:kpi_scheme", args=[self.result.pk])
