"""Answers of last resort: no such route, a failed form token, our own mistake. `crm.urls` names them as handlers."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from crm.kernel.access.errors import BadInput, DomainError, NotPermitted, NotVisible
from crm.kernel.audit.context import Door
from crm.kernel.web.api import PROBLEM, problem
from crm.kernel.web.middleware import door_of, note_refusal, refusal_page

logger = logging.getLogger("sanshen.errors")


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page that asks neither database nor account, in the request's language."""
    context = {
        "request_id": getattr(request, "request_id", ""),
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", translation.get_language()),
    }
    return HttpResponse(render_to_string(template, context), status=status)


class Failed(DomainError):
    """Our own mistake, as the API tells it."""

    status, code, title = 500, "failed", _("Something went wrong here; it is not your fault")


def _for_machines(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    """The problem document, for what was asked of the API; None for a page."""
    if door_of(request.path) != Door.API:
        return None
    facts = {"status": error.status, "code": error.code, "title": error.title, "errors": error.errors}
    answer = problem(**facts, request=Request(request))  # type: ignore[arg-type]
    return JsonResponse(answer.data, status=error.status, content_type=PROBLEM)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    if answer := _for_machines(request, BadInput()):
        return answer
    return _bare(request, "400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: Django's own refusals (the admin's, mostly); they leave the same trace as ours."""
    note_refusal(request, NotPermitted())
    if answer := _for_machines(request, NotPermitted()):
        return answer
    return _bare(request, "403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: the same page as for a row that is not the person's to see; bare for a visitor."""
    if answer := _for_machines(request, NotVisible()):
        return answer
    if getattr(request, "person", None) is None:
        return _bare(request, "404.html", 404)
    return refusal_page(request, NotVisible())


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: works without the database; the number on the page is the number in the log."""
    logger.error("request %s failed", getattr(request, "request_id", "without number"))
    if answer := _for_machines(request, Failed()):
        return answer
    return _bare(request, "500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    return _bare(request, "403_csrf.html", 403)
