"""The pictures: each page as the person who uses it, in each look; `var/shots/index.html` shows them side by side."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, sync_playwright
from playwright.sync_api import Error as BrowserError

from crm.kernel.people.models import Account
from crm.tests.support.browser import FLAGS, chromium_path
from crm.tests.support.throwaway import BASE, served
from tools.shots.pages import PAGES, Page
from tools.shots.things import Things, prepare, things

TARGET = BASE / "var" / "shots"
# What a page still waits for after it has loaded: fragments that htmx asks for, and the fonts.
SETTLED = (
    "() => !document.querySelector('.htmx-request, .swagger-ui .loading-container')"
    " && document.fonts.status === 'loaded'"
)


@dataclass(frozen=True)
class Look:
    """A width, a palette and a language."""

    name: str
    width: int
    theme: str
    language: str = "zh-hans"


LOOKS = (
    Look("light", 1440, "light"),
    Look("dark", 1440, "dark"),
    Look("phone", 390, "light"),
    Look("english", 1440, "light", "en"),
)


def session(login: str) -> str:
    """The cookie of a signed-in session."""
    browser = Browser()
    browser.force_login(Account.objects.get(login=login), backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def address_of(page: Page, known: Things) -> str:
    """The path of a page, its arguments taken from the demo's things."""
    path = page.route if page.route.startswith("/") else reverse(page.route, args=known[page.of] if page.of else ())
    return f"{path}?{page.query}" if page.query else path


def open_context(chromium: Chromium, address: str, look: Look, cookie: str) -> BrowserContext:
    """A browser of one person in one look; pages of one person share it, so that files are fetched once."""
    context = chromium.new_context(
        viewport={"width": look.width, "height": 844 if look.width < 720 else 900},
        color_scheme="dark" if look.theme == "dark" else "light",
        locale="en-GB" if look.language == "en" else "zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    if cookie:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    return context


def take(context: BrowserContext, url: str, page: Page, target: Path) -> list[str]:
    """One picture of the whole page. Answers what is wrong with it that a machine can see."""
    sheet = context.new_page()
    answer = sheet.goto(url, wait_until="load")
    problems = [] if answer and answer.status < 500 else [f"answer {answer.status if answer else 'none'}"]
    sheet.wait_for_function(SETTLED)
    for selector, value in page.fills:
        sheet.evaluate("([at, value]) => (document.querySelector(at).value = value)", [selector, value])
    for selector in page.clicks:
        found = sheet.locator(f"{selector} >> visible=true")
        if not found.count():
            problems.append(f"nothing to click: {selector}")
            continue
        found.first.click()
        sheet.wait_for_timeout(150)
        sheet.wait_for_load_state()
        sheet.wait_for_function(SETTLED)
    wide = int(sheet.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
    if wide > 0:
        problems.append(f"{wide} px wider than the window")
    if "phone" in target.stem or page.route.startswith("admin:"):
        # Bars that stick to the lower edge of the window belong to the end of the picture.
        size = sheet.viewport_size or {"width": 390, "height": 844}
        tall = int(sheet.evaluate("() => document.documentElement.scrollHeight"))
        sheet.set_viewport_size({"width": size["width"], "height": max(tall, size["height"])})
        sheet.wait_for_timeout(80)
    sheet.screenshot(path=target, full_page=True)
    sheet.close()
    return problems


def sheet(login: str, pk: int) -> str:
    """The approval sheet as a picture; a word when this machine cannot draw a PDF."""
    drawer = shutil.which("pdftoppm")
    if drawer is None:
        return "approval sheet: not pictured, pdftoppm (poppler-utils) is not installed"
    browser = Browser()
    browser.force_login(Account.objects.get(login=login), backend=settings.AUTHENTICATION_BACKENDS[0])
    paper = TARGET / "50-approval-sheet.pdf"
    answer: Any = browser.get(reverse("risk:review_sheet", args=[pk]), SERVER_NAME="127.0.0.1")
    if answer.status_code != 200:
        return f"approval sheet: answer {answer.status_code}"
    paper.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    subprocess.run([drawer, "-png", "-r", "110", str(paper), str(paper.with_suffix(""))], check=True)
    return "approval sheet: 50-approval-sheet-1.png"


def index(papers: list[str]) -> str:
    """A page with one row for each page and one column for each look."""
    heads = "".join(f"<th>{look.name}</th>" for look in LOOKS)
    rows = []
    for page in PAGES:
        cells = ""
        for look in LOOKS:
            name = f"{page.name}-{look.name}.png"
            shown = f'<a href="{name}"><img src="{name}" width="320" alt="" loading="lazy"></a>'
            cells += f"<td>{shown if (TARGET / name).exists() else ''}</td>"
        rows.append(f"<tr><th>{escape(page.name)}<br>{escape(page.route)}<br>{escape(page.login)}</th>{cells}</tr>")
    rows += [f'<tr><th>paper</th><td><img src="{name}" width="640" alt=""></td></tr>' for name in papers]
    table = f"<table><tr><th></th>{heads}</tr>{''.join(rows)}</table>"
    return f'<!doctype html><meta charset="utf-8"><title>Sanshen</title>{table}'


def look_at(chromium: Chromium, address: str, look: Look, wanted: list[Page], known: Things) -> list[str]:
    """All wanted pages in one look. Answers the problems, one a line."""
    Account.objects.update(language=look.language, theme="auto")
    lines, contexts = [], {}
    for page in wanted:
        if page.login not in contexts:
            cookie = session(page.login) if page.login else ""
            contexts[page.login] = open_context(chromium, address, look, cookie)
        target = TARGET / f"{page.name}-{look.name}.png"
        try:
            problems = take(contexts[page.login], address + address_of(page, known), page, target)
        except (BrowserError, KeyError) as error:
            problems = [str(error).splitlines()[0]]
        lines += [f"{target.name}: {problem}" for problem in problems]
    for context in contexts.values():
        context.close()
    return lines


def main(*only: str) -> int:
    """Take all pictures afresh, or those whose name begins with one of `only`. Answers the number of problems."""
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    begun = time.monotonic()
    if not only:
        shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = [page for page in PAGES if not only or page.name.startswith(only)]
    prepare()
    known = things()
    problems = []
    with served() as address, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        for look in LOOKS:
            problems += look_at(chromium, address, look, wanted, known)
        chromium.close()
    if not only:
        print(sheet("linxiaowen", known["approved_own"][0]))
    connections.close_all()
    (TARGET / "index.html").write_text(index([path.name for path in sorted(TARGET.glob("50-*.png"))]), encoding="utf-8")
    taken = len(list(TARGET.glob("*.png")))
    print(f"{taken} pictures in {time.monotonic() - begun:.0f} s: {TARGET.relative_to(BASE)}/index.html")
    print("\n".join(problems) or "no page is wider than its window, none failed")
    return len(problems)
