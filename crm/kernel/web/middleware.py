"""Around every request: its language, its audit context, and the one place where a page's refusal becomes an answer."""

import secrets
from collections.abc import Callable

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict, DomainError, NotVisible, list_errors
from crm.kernel.audit import context
from crm.kernel.audit.services import count_refusal, record_refusal
from crm.kernel.web.addresses import client_address

Handler = Callable[[HttpRequest], HttpResponse]

# Without I, L, O, U and the like: a number that is read out on the telephone.
_ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VISITOR = context.Actor(person_id=None, person_name="visitor")
# No address of ours is longer; of a longer one the record keeps the beginning.
LONGEST_PATH = 200
# PostgreSQL's words for a row that was not free in time, and for two who waited for each other.
_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"


def new_request_id() -> str:
    """Twelve characters in three groups, as error pages print them: `7KQ2-9F41-D0B8`."""
    drawn = "".join(secrets.choice(_ID_ALPHABET) for _ in range(12))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def door_of(path: str) -> context.Door:
    """Return the entry point of a path."""
    if path.startswith("/api/"):
        return context.Door.API
    return context.Door.ADMIN if path.startswith("/admin/") else context.Door.PAGE


class LanguageMiddleware:
    """The account's language; the browser's for visitors and for API clients that name one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if not language or (request.path.startswith("/api/") and "Accept-Language" in request.headers):
            language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class AuditContextMiddleware:
    """Draws the request id and tells `record()` who came through which entry point; no personal answer is cached."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.request_id = new_request_id()  # type: ignore[attr-defined]
        with context.context(
            door=door_of(request.path),
            request_id=request.request_id,  # type: ignore[attr-defined]
            ip=client_address(request),
            account_id=user.pk,
            account_name=user.get_username() if user.is_authenticated else "",
        ):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        if user.is_authenticated or request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class DomainErrorMiddleware:
    """A service's refusal that no form took becomes our error page; it is recorded after the rollback."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            exception = NotVisible()
        exception = busy(exception) or exception
        if not isinstance(exception, DomainError):
            return None
        note_refusal(request, exception)
        return refusal_page(request, exception)


def busy(error: BaseException) -> Conflict | None:
    """The refusal for a row that somebody else held too long; None for any other error."""
    code = getattr(error.__cause__, "pgcode", None)
    if not isinstance(error, OperationalError) or code not in (_LOCK_NOT_AVAILABLE, _DEADLOCK):
        return None
    return Conflict(_("Somebody else is working on this at the moment; please try again."), code="busy")


def note_refusal(request: HttpRequest, error: DomainError) -> None:
    """One audit row for a refusal, in a transaction of its own and of bounded size; those of visitors are counted."""
    shown, _others = list_errors(error.errors)
    facts = {
        "status": error.status,
        "method": (request.method or "")[:20],
        "path": request.path[:LONGEST_PATH],
        "fields": sorted({field for field, _reason in shown}),
    }
    person = getattr(request, "person", None)
    if person is None:
        count_refusal("request.refused", by=VISITOR, reason=error.code, data=facts)
    else:
        record_refusal("request.refused", subject=None, by=person, reason=error.code, data=facts)


def refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Our page for a refusal: what, why, who can, and the request's number. Absent and foreign look the same."""
    return render(
        request,
        "errors/refused.html",
        {"error": error, "status": error.status, "request_id": getattr(request, "request_id", "")},
        status=error.status,
    )
