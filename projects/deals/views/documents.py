"""The pages about a deal's documents: attach, take out, download."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.kernel.attachments.views import file_response
from crm.kernel.parameters import selectors as parameters
from crm.kernel.text.sentences import listed
from crm.kernel.web.views import KernelActionView, ObjectMixin
from projects.deals import selectors, services
from projects.deals.forms import DocumentForm, RemoveForm, SignForm
from projects.deals.models import Project, ProjectDocument
from projects.deals.policies import CHANGE, SIGN
from projects.deals.views.deals import CRUMB, MENU
from projects.deals.workflow import PAPERS_OF_APPROVED, why_closed


class DocumentAdd(KernelActionView):
    """Attach a file; the form stands on the project's page as well."""

    model = Project
    action = CHANGE
    form_class = DocumentForm
    template_name = "projects/document_form.html"
    menu = MENU
    title = _("Add a document")
    submit_label = _("Add document")
    success_message = _("The document is added.")

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.name, self.object.get_absolute_url()))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Says before the choice what the store accepts."""
        limits = parameters.values(("attachment.types", "attachment.max_bytes"))
        accepted = _("%(types)s, at most %(size)d MB.") % {
            "types": listed(limits["attachment.types"].value),
            "size": limits["attachment.max_bytes"].value // 1024 // 1024,
        }
        return super().get_context_data(accepted=accepted, **extra)

    def get_form_kwargs(self) -> dict[str, Any]:
        documents = selectors.document_list(viewer=self.person, project=self.object)
        return {**super().get_form_kwargs(), "documents": documents}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.object.is_binding:
            form.fields["kind"].choices = [(kind.value, kind.label) for kind in PAPERS_OF_APPROVED]
            form.fields["replaces"].queryset = ProjectDocument.objects.none()
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.takes_documents:
            raise why_closed(self.object)
        return super().get(request, *args, **kwargs)

    def perform(self, form: DocumentForm) -> Project:
        given = dict(form.cleaned_data)
        services.document_add(project=self.object, upload=given.pop("file"), by=self.person, **given)
        return self.object


class DocumentRemove(KernelActionView):
    """Take a document out of the deal; it stays as history."""

    model = ProjectDocument
    action = CHANGE
    form_class = RemoveForm
    template_name = "projects/document_remove.html"
    menu = MENU
    title = _("Remove a document")
    submit_label = _("Remove document")
    success_message = _("The document is removed; it remains in the history.")
    consequence = _("The file remains readable in the project's history and can be added again.")

    def get_object(self, queryset: Any = None) -> ProjectDocument:
        return self.ask_object(selectors.shown_documents())

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.project.name, self.object.project.get_absolute_url()))

    def get_cancel_url(self) -> str:
        return self.object.project.get_absolute_url()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        extra.setdefault("version", self.object.project.version)
        return super().get_context_data(**extra)

    def perform(self, form: RemoveForm) -> Project:
        services.document_remove(document=self.object, expected_version=self.expected_version, by=self.person)
        return self.object.project


class DocumentSign(KernelActionView):
    """Sign the due-diligence report as one of the project's two investigators."""

    model = ProjectDocument
    action = SIGN
    form_class = SignForm
    template_name = "projects/document_sign.html"
    menu = MENU
    title = _("Sign the due-diligence report")
    submit_label = _("Sign report")
    success_message = _("The report is signed.")
    consequence = _("The signature is kept with the hash of this file. A new version needs new signatures.")

    def get_object(self, queryset: Any = None) -> ProjectDocument:
        return self.ask_object(selectors.shown_documents())

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.project.name, self.object.project.get_absolute_url()))

    def get_cancel_url(self) -> str:
        return self.object.project.get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        return {"sha256": self.object.file.sha256}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: SignForm) -> Project:
        services.report_sign(document=self.object, sha256=form.cleaned_data["sha256"], by=self.person)
        return self.object.project


class DocumentDownload(ObjectMixin):
    """The file itself. The download is recorded before the first byte goes out."""

    model = ProjectDocument

    def get_object(self, queryset: Any = None) -> ProjectDocument:
        return self.ask_object(selectors.shown_documents())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        document = self.object
        answer = file_response(document.file)
        services.document_note_download(document=document, by=self.person)
        return answer
