"""What every page's frame needs: theme, density, language, menu, the frame to extend. It costs no query."""

import base64
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_urlconf
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from crm.kernel.declarations.menu import route_address
from crm.kernel.web.htmx import wants_fragment
from crm.kernel.web.menu import Menu

PAGE_FRAME = "base.html"
FRAGMENT_FRAME = "web/fragment.html"


def first_url(*names: str) -> str:
    """The address of the first route that exists, else ""."""
    urlconf = get_urlconf()
    return next(filter(None, (route_address(name, urlconf) for name in names)), "")


def fixed(template: str) -> SafeString:
    """A part of the frame that is the same for everybody, drawn once per language and process."""
    return render_to_string(template) if settings.DEBUG else _drawn(template, get_language() or "")


@lru_cache(maxsize=50)
def _drawn(template: str, language: str) -> SafeString:
    return render_to_string(template)


class Shell:
    """The frame of one request, read by base.html as `shell`."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.account = getattr(request, "user", None)
        self.person = getattr(request, "person", None)

    @property
    def theme(self) -> str:
        """auto, light or dark: what the account chose."""
        return getattr(self.account, "theme", "") or "auto"

    @property
    def first_theme(self) -> str:
        """The palette before theme.js has asked the system."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def density(self) -> str:
        return getattr(self.account, "density", "") or "compact"

    @property
    def language(self) -> str:
        return getattr(self.request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)

    @property
    def languages(self) -> list[tuple[str, Any]]:
        return list(settings.LANGUAGES)

    @cached_property
    def menu(self) -> Menu:
        return Menu(self.request)

    @cached_property
    def home_url(self) -> str:
        return first_url("home:my_day") or "/"

    @cached_property
    def search_url(self) -> str:
        return first_url("home:search")

    @cached_property
    def counts_url(self) -> str:
        return first_url("home:menu_counts", "web:menu_counts")

    @cached_property
    def bell_url(self) -> str:
        return first_url("notify:bell")

    @property
    def head(self) -> SafeString:
        return fixed("web/_head.html")

    @property
    def dialogs(self) -> SafeString:
        return fixed("web/_dialogs.html")

    @cached_property
    def draft_key(self) -> str:
        """The key of the drafts on the device: the account's own, another after a new password; none for visitors."""
        if self.person is None or self.account is None:
            return ""
        value = f"{self.account.pk}:{self.account.get_session_auth_hash()}"
        return base64.b64encode(salted_hmac("sanshen.drafts", value, algorithm="sha256").digest()).decode()

    @cached_property
    def account_menu(self) -> SafeString:
        """Drawn once, shown twice: in the side bar and in the phone's bottom bar."""
        return render_to_string("web/_account.html", {"shell": self}, self.request)

    @property
    def here(self) -> str:
        """The address to come back to after a preference was changed."""
        return self.request.get_full_path()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, and `frame`, the template to extend (a fragment's frame when htmx asks)."""
    return {
        "shell": Shell(request),
        "frame": FRAGMENT_FRAME if wants_fragment(request) else PAGE_FRAME,
        "request_id": getattr(request, "request_id", ""),
    }
