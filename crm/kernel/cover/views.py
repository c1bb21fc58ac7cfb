"""The pages of covers: the register, asking for one, one with its confirmation, ending it."""

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.cover import selectors, services
from crm.kernel.cover.filters import CoverFilter
from crm.kernel.cover.forms import REFUSE, AskForm, EndForm, VerdictForm, decide
from crm.kernel.cover.policies import CONFIRM, END
from crm.kernel.cover.tables import CoverTable
from crm.kernel.cover.workflow import select_covers
from crm.kernel.declarations.scopes import list_scopes
from crm.kernel.people.models import Cover
from crm.kernel.web.views import KernelActionView, KernelCreateView, KernelListView

MENU = "cover"
TITLE = _("Leave and cover")
LIST = reverse_lazy("cover:cover_list")
CRUMB = (TITLE, LIST)


class CoverList(KernelListView):
    """Who is away or has delegated, and who stands in."""

    model = Cover
    menu = MENU
    title = TITLE
    noun = _("covers")
    selector = staticmethod(selectors.cover_list)
    filterset_class = CoverFilter
    table_class = CoverTable
    create_url_name = "cover:cover_ask"
    create_label = _("Ask for a cover")
    empty_title = _("Nobody is covered")
    empty_text = _("Who is on leave or away names a deputy here; a second person confirms it.")


class CoverAsk(KernelCreateView):
    """Ask for a cover of oneself, or as head of one's people."""

    model = Cover
    form_class = AskForm
    menu = MENU
    title = _("Ask for a cover")
    crumbs = (CRUMB,)
    submit_label = _("Ask for the cover")
    success_message = _("The cover is asked for.")
    cancel_url = LIST
    consequence = _("It holds only once a department head or the security administrator has confirmed it.")
    layout = {
        "person": "half",
        "deputy": "half",
        "starts_on": "half",
        "ends_on": "half",
        "letter_no": "half",
        "ceiling": "half",
    }

    def get_initial(self) -> dict[str, Any]:
        return {"person": self.person}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "scopes": list_scopes()}

    def perform(self, form: AskForm) -> Cover:
        return services.cover_ask(by=self.person, **form.cleaned_data)


class CoverDetail(KernelActionView):
    """One cover; who may confirm it finds the form beside it."""

    model = Cover
    action = "view"
    also_asked = (CONFIRM, END)
    form_class = VerdictForm
    template_name = "kernel/cover.html"
    menu = MENU
    title = _("Cover")
    crumbs = (CRUMB,)
    submit_label = _("Submit my decision")

    def get_object(self, queryset: Any = None) -> Cover:
        return self.ask_object(select_covers())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        cover, words = self.object, list_scopes() if self.object.scope else {}
        shown = {
            "cover": cover,
            "scope": [words.get(code, code) for code in cover.scope],
            "is_waiting": cover.state == Cover.State.ASKED,
            "may_confirm": may(self.person, CONFIRM, cover),
            "may_end": cover.state in Cover.LIVE and not cover.is_over and may(self.person, END, cover),
            "end_url": reverse("cover:cover_end", args=[cover.pk]),
            "version": None,
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: VerdictForm) -> Cover:
        return decide(self.object, form.cleaned_data["verdict"], form.cleaned_data["reason"], self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        return _("The cover is refused.") if cleaned_data["verdict"] == REFUSE else _("The cover is confirmed.")


class CoverEnd(KernelActionView):
    """End a cover before its last day."""

    model = Cover
    action = END
    form_class = EndForm
    menu = MENU
    title = _("End the cover")
    crumbs = (CRUMB,)
    submit_label = _("End the cover")
    success_message = _("The cover has ended.")
    consequence = _("The deputy can no longer act for the person. Decisions made under the letter stand.")

    def get_object(self, queryset: Any = None) -> Cover:
        return self.ask_object(select_covers())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: EndForm) -> Cover:
        return services.cover_end(cover=self.object, end_reason=form.cleaned_data["end_reason"], by=self.person)
