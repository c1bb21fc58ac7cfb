"""Who is asking: the person behind the session, the session's limits, and the first login's new password."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.kernel.audit import context
from crm.kernel.audit.services import record_read
from crm.kernel.people.models import Account, Person
from crm.kernel.web.addresses import client_address
from crm.kernel.web.middleware import door_of
from crm.kernel.workdays import clock

STARTED, SEEN = "started_at", "seen_at"
# The time of the last request is written at most this often: a read costs no write.
SEEN_STEP_SECONDS = 60


@receiver(user_logged_out)
def note_sign_out(request: HttpRequest, user: Account | None, **_: Any) -> None:
    """A row for every end of a session, at whichever entry point; `self` unless the session's limits ended it."""
    if user is not None:
        reason = getattr(request, "signed_out", "self")
        record_read("account.logged_out", subject=user, by=user.person, data={"reason": reason})


def keep_scope(account: Account, request: HttpRequest) -> Person:
    """The person of an account; while the request only reads, with the scope that was read with the account."""
    person = account.person
    if request.method in ("GET", "HEAD"):
        person.kept = person.scope_read
    return person


class PersonMiddleware:
    """Sets `request.person` (None for a visitor); ends sessions idle or old; asks for a new password first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = None  # type: ignore[attr-defined]
        if isinstance(request.user, Account):
            if reason := self._ended(request):
                request.signed_out = reason  # type: ignore[attr-defined]
                self._sign_out(request)
            else:
                request.person = keep_scope(request.user, request)  # type: ignore[attr-defined]
                if request.user.must_change_password and not self._may_pass(request):
                    return redirect("password_change")
        return self.get_response(request)

    def _sign_out(self, request: HttpRequest) -> None:
        """The row is written before the audit context of the request is set, so it brings its own."""
        account = request.user
        with context.context(
            door=door_of(request.path),
            ip=client_address(request),
            account_id=account.pk,
            account_name=account.get_username(),
        ):
            logout(request)

    def _ended(self, request: HttpRequest) -> str:
        """Why the session is over, if it is."""
        now = clock.now().timestamp()
        started = request.session.setdefault(STARTED, now)
        seen = request.session.get(SEEN, now)
        if now - started > settings.SESSION_COOKIE_AGE:
            return "age"
        if now - seen > settings.SESSION_IDLE_SECONDS:
            return "idle"
        if SEEN not in request.session or now - seen > SEEN_STEP_SECONDS:
            request.session[SEEN] = now
        return ""

    def _may_pass(self, request: HttpRequest) -> bool:
        return request.path in {reverse("password_change"), reverse("logout")} or request.path.startswith(
            settings.STATIC_URL
        )
