"""The pages of exports: one's own, a new one, how it stands, its file."""

from typing import Any, cast

from django.http import FileResponse, HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel.exports import selectors, services
from crm.kernel.exports.filters import ExportRunFilter
from crm.kernel.exports.forms import CancelForm, OrderForm
from crm.kernel.exports.lists import Listing, listing_at, read_lists
from crm.kernel.exports.models import ExportRun
from crm.kernel.exports.policies import CANCEL, TAKE
from crm.kernel.exports.tables import ExportRunTable
from crm.kernel.exports.workflow import RUN, WORK
from crm.kernel.people.models import Account
from crm.kernel.web.listing import kept_columns
from crm.kernel.web.views import KernelActionView, KernelCreateView, KernelDetailView, KernelListView, ObjectMixin

TITLE = _("My exports")
CRUMB = (TITLE, reverse_lazy("exports:export_list"))


class ExportList(KernelListView):
    """One's own exports."""

    model = ExportRun
    title = TITLE
    noun = _("exports")
    selector = staticmethod(selectors.export_list)
    filterset_class = ExportRunFilter
    table_class = ExportRunTable
    empty_title = _("Nothing exported in the background yet")
    empty_text = _("A list with many rows is written in the background; its file is found here for some days.")


class ExportOrder(KernelCreateView):
    """A list that is too long for one request: in the background."""

    model = ExportRun
    form_class = OrderForm
    title = _("Export in the background")
    crumbs = (CRUMB,)
    submit_label = _("Export")
    success_message = _("The export is on its way; you can leave this page.")
    consequence = _("All rows that meet the conditions, as you see them when they are written. The export is recorded.")

    @cached_property
    def listing(self) -> Listing | None:
        """The list whose page led here."""
        path = self.request.GET.get("list", "")
        return listing_at(path) if path else None

    def get_title(self) -> Any:
        if self.listing is None:
            return self.title
        return _("Export “%(list)s” in the background") % {"list": self.listing.title}

    def get_form_kwargs(self) -> dict[str, Any]:
        lists = [
            (listing.path, listing.title) for listing in read_lists().values() if self.may("view", listing.view.model)
        ]
        return {**super().get_form_kwargs(), "lists": lists, "is_given": self.listing is not None}

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name, "") for name in ("list", "format", "purpose", "query")}

    def get_cancel_url(self) -> str:
        query = self.request.GET.get("query", "")
        return self.listing.path + (f"?{query}" if query else "") if self.listing else str(CRUMB[1])

    def perform(self, form: OrderForm) -> ExportRun:
        given = dict(form.cleaned_data)
        listing = listing_at(given.pop("list"))
        columns, account = kept_columns(self.request, listing.route), cast(Account, self.request.user)
        return services.export_order(listing=listing, columns=columns, account=account, by=self.person, **given)


class ExportDetail(KernelDetailView):
    """How an export stands, and its file."""

    model = ExportRun
    also_asked = (TAKE, CANCEL)
    template_name = "kernel/export.html"
    crumbs = (CRUMB,)

    def get_object(self, queryset: Any = None) -> ExportRun:
        return self.ask_object(ExportRun.objects.select_related("person"))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        run = self.object
        is_ready = run.state == ExportRun.State.DONE and self.may(TAKE, run)
        may_cancel = RUN.is_possible("cancel", run) and self.may(CANCEL, run)
        return super().get_context_data(
            run=run,
            is_working=run.state in WORK,
            file_url=reverse("exports:export_file", args=[run.pk]) if is_ready else "",
            cancel_url=reverse("exports:export_cancel", args=[run.pk]) if may_cancel else "",
            **extra,
        )


class ExportCancel(KernelActionView):
    """Stop it."""

    model = ExportRun
    action = CANCEL
    form_class = CancelForm
    crumbs = (CRUMB,)
    title = _("Stop the export")
    submit_label = _("Stop")
    success_message = _("The export is stopped.")
    consequence = _("What was written so far is thrown away.")

    def perform(self, form: CancelForm) -> ExportRun:
        return services.export_cancel(run=self.object, expected_version=self.expected_version, by=self.person)


class ExportFile(ObjectMixin):
    """The file."""

    model = ExportRun
    action = TAKE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        return services.export_take(run=self.object, by=self.person)
