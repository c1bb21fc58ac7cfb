"""The pages of imports: the list, a new one, its columns, how it stands, its errors, its undoing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, NotVisible
from crm.kernel.imports import selectors, services, workbook
from crm.kernel.imports.filters import ImportRunFilter
from crm.kernel.imports.forms import ActForm, MapForm, UploadForm
from crm.kernel.imports.models import ImportRow, ImportRun
from crm.kernel.imports.policies import CHANGE
from crm.kernel.imports.tables import ImportRunTable
from crm.kernel.imports.workflow import RUN
from crm.kernel.web.views import (
    KernelActionView,
    KernelCreateView,
    KernelDetailView,
    KernelListView,
    KernelView,
    ObjectMixin,
)

MENU = "imports"
TITLE = _("Imports")
CRUMB = (TITLE, reverse_lazy("imports:import_list"))
SHOWN = 100
State = ImportRun.State


class ImportList(KernelListView):
    """One's own imports."""

    model = ImportRun
    menu = MENU
    title = TITLE
    noun = _("imports")
    selector = staticmethod(selectors.import_list)
    filterset_class = ImportRunFilter
    table_class = ImportRunTable
    create_url_name = "imports:import_upload"
    create_label = _("Import a table")
    empty_title = _("Nothing imported yet")
    empty_text = _("A table from Excel or another system is checked row by row before anything is saved.")


class ImportUpload(KernelCreateView):
    """Send a table."""

    model = ImportRun
    form_class = UploadForm
    template_name = "kernel/import_upload.html"
    menu = MENU
    title = _("Import a table")
    crumbs = (CRUMB,)
    submit_label = _("Upload")
    success_message = _("The table is uploaded. Assign its columns.")
    cancel_url = CRUMB[1]
    consequence = _("Nothing is saved yet: first the columns are assigned and every row is checked.")

    def get_form_kwargs(self) -> dict[str, Any]:
        kinds = [(code, kind.label) for code, kind in selectors.list_kinds(self.person).items()]
        return {**super().get_form_kwargs(), "kinds": kinds}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        templates = [
            (kind.label, reverse("imports:import_template", args=[code]))
            for code, kind in selectors.list_kinds(self.person).items()
        ]
        return super().get_context_data(templates=templates, **extra)

    def perform(self, form: UploadForm) -> ImportRun:
        return services.import_upload(by=self.person, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("imports:import_map", args=[self.result.pk])


class ImportTemplate(KernelView):
    """The empty workbook of a kind, with an example row and drop-downs."""

    model = ImportRun

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(self.person, "create", ImportRun)
        kind = selectors.list_kinds(self.person).get(kwargs["entity"])
        if kind is None:
            raise NotVisible
        return workbook.as_download(workbook.template_workbook(kind), f"{kind.label}.xlsx")


class ImportDetail(KernelDetailView):
    """How an import stands: its counts, the rows with errors, what can be done next."""

    model = ImportRun
    also_asked = (CHANGE,)
    template_name = "kernel/import.html"
    menu = MENU
    crumbs = (CRUMB,)

    def get_object(self, queryset: Any = None) -> ImportRun:
        return self.ask_object(ImportRun.objects.select_related("file", "person"))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        run, counts, is_own = self.object, selectors.counts(self.object), self.may(CHANGE, self.object)
        words = {**dict(ImportRow.Verdict.choices), **dict(ImportRow.Outcome.choices)}
        figures = [(words.get(name, _("waiting")), number) for name, number in counts.items() if number]
        return super().get_context_data(
            run=run,
            kind=selectors.find_kind(run.entity),
            figures=figures,
            failed=list(selectors.failed_rows(run)[:SHOWN]) if is_own else [],
            is_working=run.state in services.WORK,
            offers=self._offers(run, counts) if is_own else [],
            **extra,
        )

    def _offers(self, run: ImportRun, counts: dict[str, int]) -> list[dict[str, Any]]:
        """Address, label, icon and kind of each button."""
        is_first = run.state == State.UPLOADED
        valid, written = counts["create"] + counts["update"], counts["created"] + counts["updated"]
        acts: list[tuple[str, int, Any, str, str]] = [
            ("start", valid, _("Import the valid rows"), "check", "fill"),
            ("map", 1, _("Assign columns"), "columns", "fill" if is_first else "text"),
            ("cancel", 1, _("Stop"), "x", "text"),
            ("undo", written, _("Undo the import"), "arrow-back-up", "text"),
        ]
        offers = [act for act in acts if act[1] and RUN.is_possible(act[0], run)]
        return [
            {"url": reverse(f"imports:import_{code}", args=[run.pk]), "label": label, "icon": icon, "look": look}
            for code, _rows, label, icon, look in offers
        ]


class RunAct(KernelActionView):
    """An act on one import."""

    model = ImportRun
    action = CHANGE
    form_class: Any = ActForm
    menu = MENU
    crumbs = (CRUMB,)
    service: Any = None

    def get_object(self, queryset: Any = None) -> ImportRun:
        return self.ask_object(ImportRun.objects.select_related("file"))

    def perform(self, form: Any) -> ImportRun:
        return type(self).service(run=self.object, expected_version=self.expected_version, by=self.person)


class ImportMap(RunAct):
    """Which field each column fills."""

    form_class = MapForm
    title = _("Assign columns")
    submit_label = _("Check every row")
    success_message = _("The rows are being checked.")
    consequence = _("The check writes nothing. The assignment is remembered for tables with the same columns.")

    def get_form_kwargs(self) -> dict[str, Any]:
        kind = selectors.find_kind(self.object.entity)
        fields = [
            (column.name, f"{column.label}{' *' if column.is_required else ''}") for column in kind.columns
        ]  # fmt: skip
        return {**super().get_form_kwargs(), "samples": selectors.samples(self.object), "fields": fields}

    def get_initial(self) -> dict[str, Any]:
        return {f"column_{place}": name for place, name in enumerate(self.object.mapping)}

    def perform(self, form: MapForm) -> ImportRun:
        try:
            return services.import_map(
                run=self.object, mapping=form.mapping, expected_version=self.expected_version, by=self.person
            )
        except BadInput as error:
            # No field of the form is called `mapping`: it is about the form as a whole.
            raise BadInput(errors={"": error.errors.get("mapping", [])}) from None


class ImportStart(RunAct):
    """Import what the check found valid."""

    service = staticmethod(services.import_start)
    title = _("Import the valid rows")
    submit_label = _("Import")
    success_message = _("The import is running; you can leave this page.")
    consequence = _("Rows with errors are left out; download them with their reasons and send them again.")


class ImportStop(RunAct):
    """Stop it."""

    service = staticmethod(services.import_cancel)
    title = _("Stop the import")
    submit_label = _("Stop")
    success_message = _("The import is stopped.")
    consequence = _("What was imported stays and can be undone.")


class ImportUndo(RunAct):
    """Undo it."""

    service = staticmethod(services.import_undo)
    title = _("Undo the import")
    submit_label = _("Undo")
    success_message = _("The import is being undone.")
    consequence = _(
        "What it created is taken out, what it changed gets its old values. What was changed since or is in use stays "
        "and is named."
    )


class ImportErrors(ObjectMixin):
    """The rows that failed, as they were sent, with their reasons."""

    model = ImportRun
    action = CHANGE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return workbook.as_download(services.errors_take(run=self.object, by=self.person), str(_("errors.xlsx")))
