"""What htmx needs of an answer: messages as an event, redirects it cannot follow by itself, honest caching."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

Handler = Callable[[HttpRequest], HttpResponse]
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page and not for the whole of it."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not (htmx.boosted or htmx.history_restore_request)


class HtmxMessagesMiddleware:
    """For htmx requests: a redirect becomes HX-Redirect, messages become the event `toast` (app.js shows them).

    A sign-in that has ended sends the whole page to the login, and back to the page, not to its fragment.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if not request.htmx:  # type: ignore[attr-defined]
            return response
        if response.status_code in REDIRECTS:
            return self._redirected(request, response)
        return self._with_messages(request, response)

    def _redirected(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        target = response.headers["Location"]
        login = resolve_url(settings.LOGIN_URL)
        if target.split("?")[0] == login:
            back = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
            target = f"{login}?{urlencode({'next': back})}" if back else login
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = target
        if target.split("?")[0] == login:
            # Not a success: what was typed stays kept on the device.
            answer.headers["X-Sign-In"] = "required"
        answer.cookies = response.cookies
        return answer

    def _with_messages(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        toasts = [{"text": str(message), "level": message.level_tag} for message in get_messages(request)]
        if toasts:
            events = json.loads(response.headers.get("HX-Trigger", "{}"))
            # JSON escapes what a header cannot carry; app.js reads it back.
            response.headers["HX-Trigger"] = json.dumps({**events, "toast": toasts})
        return response
