"""The two pages that anybody may open: file a complaint, and see what became of it by its number and code."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from crm.kernel.access.errors import DomainError, NotVisible
from crm.kernel.audit import context
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people import throttle
from crm.kernel.web.middleware import VISITOR
from crm.kernel.web.views import KernelFormView
from staff.complaints import forms, services

# In their own words, so that whoever cannot read the page finds theirs.
LANGUAGES = {"zh-hans": "中文", "en": "English"}


@method_decorator(never_cache, name="dispatch")
class PublicView(KernelFormView):
    """Open to visitors; no browser or proxy keeps anything of it."""

    without_model = True
    # A visitor gets every refusal beside the form.
    error_page_for = ()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """In the language that the visitor chose on the page (`?lang=`), else the browser's."""
        chosen = request.GET.get("lang")
        if chosen not in LANGUAGES:
            return super().dispatch(request, *args, **kwargs)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            answer = super().dispatch(request, *args, **kwargs)
            if isinstance(answer, SimpleTemplateResponse):
                answer.render()
            answer.headers["Content-Language"] = chosen
        return answer

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        language = "en" if (translation.get_language() or "").startswith("en") else "zh"
        found = parameters.values(("complaint.contact", "complaint.privacy", "complaint.limits"))
        contact = found["complaint.contact"].value
        shown = {
            "limits": found["complaint.limits"].value,
            "telephone": contact["telephone"],
            "place": contact["address"][language],
            "hours": contact["hours"][language],
            "privacy": found["complaint.privacy"].value[language],
            "privacy_version": found["complaint.privacy"].version,
            "languages": LANGUAGES.items(),
            "lang": self.request.GET.get("lang", ""),
        }
        return super().get_context_data(**{**shown, **extra})

    @property
    def address(self) -> str:
        """Where the visitor comes from; behind trusted proxies the middleware has found it."""
        return throttle.origin(context.current().ip or self.request.META["REMOTE_ADDR"])

    def form_refused(self, form: Any, error: DomainError) -> HttpResponse:
        if not isinstance(error, NotVisible):
            return super().form_refused(form, error)
        form.add_error(None, _("No complaint matches this receipt number and look-up code. Check both and try again."))
        return self.render_form(form, status=error.status)


class PublicComplaint(PublicView):
    """File a complaint. The receipt is the answer to the form; whoever lost it sends the same form again."""

    form_class = forms.PublicForm
    template_name = "staff/complaints/public_form.html"
    title = _("File a complaint")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "bounds": parameters.value("complaint.evidence").value}

    def get_initial(self) -> dict[str, Any]:
        return {"token": secrets.token_urlsafe(24)}

    def form_valid(self, form: Any) -> HttpResponse:
        facts = dict(form.cleaned_data)
        facts.pop("has_read")
        apart = {name: facts.pop(name) for name in ("token", "client_code", "about")}
        files = facts.pop("evidence")
        complaint, code = services.complaint_file(facts=facts, files=files, address=self.address, by=VISITOR, **apart)
        self.template_name = "staff/complaints/public_receipt.html"
        return self.render_to_response(self.get_context_data(complaint=complaint, code=code, form=None))


class PublicStatus(PublicView):
    """What became of a complaint, for who has its number and code. Any other pair is answered alike."""

    form_class = forms.LookUpForm
    template_name = "staff/complaints/public_status.html"
    title = _("Status of a complaint")

    def form_valid(self, form: Any) -> HttpResponse:
        found = services.complaint_look_up(**form.cleaned_data, address=self.address, by=VISITOR)
        return self.render_to_response(self.get_context_data(form=form, found=found))
