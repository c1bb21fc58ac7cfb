"""A body is refused by what its headers declare, its length and its encoding, before one byte of it is read."""

import codecs
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from crm.kernel.access.errors import BadInput, DomainError, TooLarge
from crm.kernel.attachments.services import FIELD, too_large_text
from crm.kernel.parameters import selectors as parameters
from crm.kernel.web.api import PROBLEM, problem
from crm.kernel.web.middleware import note_refusal, refusal_page

Handler = Callable[[HttpRequest], HttpResponse]
# The other fields of a form that carries a file.
FORM_AROUND_FILE = 1024 * 1024


class UploadLimitMiddleware:
    """413 for a form above the largest file, or any other body above what is kept in memory; 411 without a length; 415
    for a body in another encoding than UTF-8.

    So no counting while the body is read is needed: what is read is never longer than what was declared, and the
    file's own size is judged by `file_store`.

    It stands where language, person and audit context are known and nothing has read the body yet
    (Django's CSRF check reads it only afterwards, when the view is about to be called).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        error = _judge_charset(request) or _judge(request)
        if error is None:
            return self.get_response(request)
        note_refusal(request, error)
        if not request.path.startswith("/api/"):
            return refusal_page(request, error)
        answer = problem(
            status=error.status, code=error.code, title=error.title, errors=error.errors, request=Request(request)
        )
        return JsonResponse(answer.data, status=error.status, content_type=PROBLEM)


class LengthRequired(BadInput):
    """A body whose length nobody declared."""

    status, code, title = 411, "length_required", _("State the length of the content you send")


class UnsupportedCharset(BadInput):
    """A body in another encoding than UTF-8."""

    status, code, title = 415, "unsupported_charset", _("Send text in UTF-8")


def _judge_charset(request: HttpRequest) -> DomainError | None:
    """Everything is read as UTF-8: a body that says it is something else is refused, a query ignores what is said.

    Django would hand the name to the codec, and some codecs are no text encodings (`zlib`, `rot13`).
    """
    declared = request.encoding
    # Also the refusal itself is written with a request that reads its query as UTF-8.
    request.encoding = None  # type: ignore[assignment]
    if declared is None or codecs.lookup(declared).name in ("utf-8", "ascii"):
        return None
    has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0") or "Transfer-Encoding" in request.headers
    return UnsupportedCharset(field="Content-Type") if has_body else None


def _judge(request: HttpRequest) -> DomainError | None:
    declared = request.META.get("CONTENT_LENGTH") or ""
    if not declared:
        # Without a length there is no body to Django; a client that streams one anyway must be told.
        return LengthRequired(field="Content-Length") if request.headers.get("Transfer-Encoding") else None
    if not (declared.isascii() and declared.isdigit()):
        return BadInput(_("This is not a length."), field="Content-Length")
    length, in_memory = int(declared), settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    if length <= in_memory:
        return None
    if request.content_type != "multipart/form-data":
        return TooLarge(_("The request is too long."), field="")
    largest = parameters.value("attachment.max_bytes").value
    return TooLarge(too_large_text(largest), field=FIELD) if length > largest + FORM_AROUND_FILE else None
