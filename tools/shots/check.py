"""The checks of the pictured pages: no overflow, no broken figure, nothing cut at six widths; axe in both themes.

`python -m tools.shots check [PREFIX …]` runs them over the demo as its accounts; a test runs them over a few pages.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from crm.kernel.people.models import Account
from crm.tests.support.browser import FLAGS, chromium_path
from crm.tests.support.throwaway import served
from tools.shots.pages import PAGES
from tools.shots.run import SETTLED, Look, address_of, open_context, session
from tools.shots.things import prepare, things

WIDTHS = (360, 390, 720, 1024, 1440, 2560)
THEMES = ("light", "dark")
WEIGHTY = ("serious", "critical")
LAYOUT = Path(__file__).with_name("layout.js")
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    (one) => [one.impact, one.id, one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")])"""
PLAIN = Look("check", 1440, "light")


def layout_problems(page: Page, widths: Iterable[int] = WIDTHS) -> list[str]:
    """What is wrong with the layout of an open page at these widths, one a line."""
    script, found = LAYOUT.read_text(encoding="utf-8"), []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(60)
        found += [f"{width} px: {problem}" for problem in page.evaluate(script)]
    return found


def axe_problems(page: Page, themes: Iterable[Any] = THEMES) -> list[str]:
    """What axe calls serious or critical on an open page in these themes, one a line."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for theme in themes:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(60)
        rows = page.evaluate(RUN_AXE)
        found += [f"{theme}: axe {impact} {rule}: {where}" for impact, rule, where in rows if impact in WEIGHTY]
    return found


def open_settled(page: Page, url: str) -> None:
    """The page with all that it asks for afterwards, its figures of the menu included."""
    page.goto(url, wait_until="load")
    page.wait_for_function(SETTLED)


def check_all(chromium: Browser, address: str, prefixes: tuple[str, ...]) -> list[str]:
    """All wanted pages as their accounts; what is wrong, one a line."""
    Account.objects.update(language="zh-hans", theme="auto")
    known, contexts, lines = things(), {}, []
    for wanted in PAGES:
        if prefixes and not wanted.name.startswith(prefixes):
            continue
        if wanted.login not in contexts:
            contexts[wanted.login] = open_context(
                chromium, address, PLAIN, session(wanted.login) if wanted.login else ""
            )
        page = contexts[wanted.login].new_page()
        try:
            open_settled(page, address + address_of(wanted, known))
            for selector in wanted.clicks:
                visible: Locator = page.locator(f"{selector} >> visible=true")
                visible.first.click()
                page.wait_for_timeout(150)
                page.wait_for_load_state()
                page.wait_for_function(SETTLED)
            # Django's own pages answer for themselves below a desk's width.
            widths = [width for width in WIDTHS if width >= 1024 or not wanted.route.startswith("admin:")]
            problems = [*layout_problems(page, widths), *axe_problems(page)]
        except (BrowserError, KeyError) as error:
            problems = [str(error).splitlines()[0]]
        lines += [f"{wanted.name}: {problem}" for problem in problems]
        print("\n".join(f"{wanted.name}: {problem}" for problem in problems) or f"{wanted.name}: sound", flush=True)
        page.close()
    return lines


def main(*prefixes: str) -> int:
    """Check all pages, or those whose name begins with one of `prefixes`. Answers the number of problems."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    begun = time.monotonic()
    prepare()
    with served() as address, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        problems = check_all(chromium, address, prefixes)
        chromium.close()
    print(f"{len(problems)} problems in {time.monotonic() - begun:.0f} s")
    return len(problems)
