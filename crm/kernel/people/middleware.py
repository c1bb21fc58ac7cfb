"""Who is asking: the person behind the session, the session's limits, and the first login's new password."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.kernel.people.models import Account
from crm.kernel.workdays import clock

STARTED, SEEN = "started_at", "seen_at"
# The time of the last request is written at most this often: a read costs no write.
SEEN_STEP_SECONDS = 60


class PersonMiddleware:
    """Sets `request.person` (None for a visitor); ends sessions idle or old; asks for a new password first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = None  # type: ignore[attr-defined]
        if isinstance(request.user, Account):
            if self._expired(request):
                logout(request)
            else:
                request.person = request.user.person  # type: ignore[attr-defined]
                if request.user.must_change_password and not self._may_pass(request):
                    return redirect("password_change")
        return self.get_response(request)

    def _expired(self, request: HttpRequest) -> bool:
        now = clock.now().timestamp()
        started = request.session.setdefault(STARTED, now)
        seen = request.session.get(SEEN, now)
        if now - started > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        if SEEN not in request.session or now - seen > SEEN_STEP_SECONDS:
            request.session[SEEN] = now
        return False

    def _may_pass(self, request: HttpRequest) -> bool:
        return request.path in {reverse("password_change"), reverse("logout")} or request.path.startswith(
            settings.STATIC_URL
        )
