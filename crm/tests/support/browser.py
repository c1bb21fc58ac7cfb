"""A real Chromium for the stories: fixtures `page` and `open_page`, every page watched for what must never happen.

At the end of a test the watched pages must have shown: no request outside the live server, no answer of 500 or above,
no violation of the content security policy, no uncaught error in a script.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.signals import request_finished, request_started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def chromium_path() -> str | None:
    """The Chromium of this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Watch:
    """Collects what a page must never do."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.problems: list[str] = []

    def follow(self, page: "Page") -> None:
        """Listen to a page."""
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"uncaught error in a script: {error}"))

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.problems.append(f"request outside the live server: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} for {response.url}")

    def _console(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.problems.append(f"content security policy: {message.text}")


class Requests:
    """Counts the requests that the live server is answering: a page that closes leaves some behind.

    The database is emptied after the test; a request still reading then would block that, or be refused itself.
    """

    def __init__(self) -> None:
        self.threads: set[int] = set()
        self.lock = threading.Lock()
        self.changed = time.monotonic()

    def __enter__(self) -> "Requests":
        request_started.connect(self._started)
        request_finished.connect(self._finished)
        return self

    def __exit__(self, *_error: object) -> None:
        request_started.disconnect(self._started)
        request_finished.disconnect(self._finished)

    @property
    def running(self) -> int:
        """Requests whose thread still lives. An answer that nobody took any more may end without Django's signal."""
        alive = {thread.ident for thread in threading.enumerate()}
        with self.lock:
            return len(self.threads & alive)

    def _started(self, **_signal: Any) -> None:
        with self.lock:
            self.threads.add(threading.get_ident())
            self.changed = time.monotonic()

    def _finished(self, **_signal: Any) -> None:
        with self.lock:
            self.threads.discard(threading.get_ident())
            self.changed = time.monotonic()

    def end(self, quiet: float = 0.2, longest: float = 120) -> None:
        """Until nothing has been running for `quiet` seconds; pytest fails after `longest`."""
        deadline = time.monotonic() + longest
        while self.running > 0 or time.monotonic() - self.changed < quiet:
            if time.monotonic() > deadline:
                pytest.fail(f"the live server is still answering {self.running} requests")
            time.sleep(0.02)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One browser for the session. Without Chromium the test is skipped; under CI=true that is a failure."""
    path = chromium_path()
    if path is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail("CI=true, but there is no Chromium on PATH: the browser stories did not run")
        pytest.skip("no Chromium on PATH (apt-get install chromium): browser stories skipped")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: "Browser", live_server: Any) -> "Iterator[Callable[..., Page]]":
    """`open_page(**context_options) -> Page`: a page in a browser context of its own (one person, one session)."""
    watch, contexts = Watch(live_server.url), []

    def open_one(**options: Any) -> "Page":
        settings: dict[str, Any] = {
            "base_url": live_server.url,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1440, "height": 900},
            **options,
        }
        context = chromium.new_context(**settings)
        context.set_default_timeout(60_000)
        contexts.append(context)
        context.on("page", watch.follow)
        return context.new_page()

    with Requests() as requests:
        yield open_one
        for context in contexts:
            context.close()
        requests.end()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def page(open_page: "Callable[..., Page]") -> "Page":
    """One watched page on the live server; `page.goto("/login/")` works with paths."""
    return open_page()
