"""Answers of last resort: no such route, a failed form token, our own mistake. `crm.urls` names them as handlers."""

import logging
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from crm.kernel.access.errors import BadInput, DomainError, NotPermitted, NotVisible, Text
from crm.kernel.audit.context import Door
from crm.kernel.web.api import PROBLEM, problem
from crm.kernel.web.middleware import door_of, note_refusal, refusal_page

logger = logging.getLogger("sanshen.errors")
# A supervisor brings a database back in about this time.
AWAY_SECONDS = 15


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page that asks neither database nor account, in the request's language."""
    context = {
        "request_id": getattr(request, "request_id", ""),
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", translation.get_language()),
    }
    return HttpResponse(render_to_string(template, context), status=status)


class Failed(DomainError):
    """Our own mistake, as the API tells it."""

    status, code, title = 500, "failed", _("Something went wrong on our side")


class Away(DomainError):
    """There is no connection to the database, as the API tells it."""

    status, code, title = 503, "database_away", _("The database is not responding at the moment")


def _database_is_away(error: BaseException | None) -> bool:
    """Whether the connection was refused or lost. A statement that took too long is our mistake."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    # Class 57P: the server is ending, has crashed or is only starting.
    return code is None or code.startswith("57P")


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
    """handler500: works without the database; the number on the page is the number in the log.

    While the database is away it is a 503 that says when to come back: nobody made a mistake.
    """
    logger.error("request %s failed", getattr(request, "request_id", "without number"))
    error: DomainError = Away() if _database_is_away(sys.exc_info()[1]) else Failed()
    answer = _for_machines(request, error) or _bare(request, f"{error.status}.html", error.status)
    if error.status == Away.status:
        answer.headers["Retry-After"] = str(AWAY_SECONDS)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    return _bare(request, "403_csrf.html", 403)


def explain_refusal(error: NotPermitted, *, model: Any, act: Text, url: str) -> NotPermitted:
    """The refusal with what its page says besides: the act that cannot be done, by which rule, where to go instead."""
    found: dict[str, object] = {"rule": _("Rule: permissions for “%(model)s”") % {"model": model._meta.verbose_name}}
    if act:
        found["headline"] = _("You cannot do this: %(act)s") % {"act": act}
    if url:
        found |= {"url": url, "url_text": _("Open the record")}
    error.details = {**found, **error.details}
    return error
