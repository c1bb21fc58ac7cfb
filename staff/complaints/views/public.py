"""The two pages that anybody may open: file a complaint, and see what became of it by its number and code."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from crm.kernel.access.errors import DomainError, NotVisible
from crm.kernel.audit import context
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people import throttle
from crm.kernel.web.middleware import VISITOR, note_refusal
from crm.kernel.web.views import KernelFormView, add_domain_errors, refuse_broken_text
from staff.complaints import forms, services


@method_decorator(never_cache, name="dispatch")
class PublicView(KernelFormView):
    """Open to visitors; no browser or proxy keeps anything of it."""

    without_model = True

    @property
    def address(self) -> str:
        """Where the visitor comes from; behind trusted proxies the middleware has found it."""
        return throttle.origin(context.current().ip or self.request.META["REMOTE_ADDR"])

    def answer(self, form: Any) -> HttpResponse:
        """Call the service and show what it found."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.full_clean()
        refuse_broken_text(form, request)
        if not form.is_valid():
            return self.form_refused(form, 422)
        try:
            return self.answer(form)
        except DomainError as error:
            note_refusal(request, error)
            if isinstance(error, NotVisible):
                form.add_error(None, _("No complaint has this number with this code. Check both and try again."))
            else:
                add_domain_errors(form, error)
            return self.form_refused(form, error.status)


class PublicComplaint(PublicView):
    """File a complaint. The receipt is the answer to the form; whoever lost it sends the same form again."""

    form_class = forms.PublicForm
    template_name = "staff/complaints/public_form.html"
    title = _("File a complaint")

    def get_initial(self) -> dict[str, Any]:
        return {"token": secrets.token_urlsafe(24)}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{"limits": parameters.value("complaint.limits").value, **extra})

    def answer(self, form: Any) -> HttpResponse:
        facts = dict(form.cleaned_data)
        apart = {name: facts.pop(name) for name in ("token", "client_code", "about")}
        complaint, code = services.complaint_file(facts=facts, address=self.address, by=VISITOR, **apart)
        return self.page(template="staff/complaints/public_receipt.html", complaint=complaint, code=code)


class PublicStatus(PublicView):
    """What became of a complaint, for who has its number and code. Any other pair is answered alike."""

    form_class = forms.LookUpForm
    template_name = "staff/complaints/public_status.html"
    title = _("What became of a complaint")

    def answer(self, form: Any) -> HttpResponse:
        found = services.complaint_look_up(**form.cleaned_data, address=self.address, by=VISITOR)
        return self.page(form=form, found=found)
