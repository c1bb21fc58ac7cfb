"""The pictures: each page as the person who uses it, in each look; `var/shots/index.html` shows them side by side."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from clients.file.models import Client
from crm.kernel.people.models import Account
from crm.testing.browser import FLAGS, chromium_path
from crm.testing.house import BASE, served
from projects.deals.models import Project
from risk.reviews.models import ReviewCase

TARGET = BASE / "var" / "shots"


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


@dataclass(frozen=True)
class Page:
    """A page by name: its address, and who looks at it ("" for a visitor)."""

    name: str
    path: str
    login: str = "linxiaowen"


def pages() -> Iterator[Page]:
    """Every page of the house, with demo data that shows what it is for."""
    client = Client.objects.get(name="浙江钧茂精密机械有限公司")
    deal = Project.objects.get(name="平湖 RV 减速器技改项目")
    draft = Project.objects.get(name="平湖精密轴承二期")
    final = ReviewCase.objects.get(project__name="大丰 22 MW 渔光互补项目")
    recheck = ReviewCase.objects.filter(status="open", stage="recheck").earliest("pk")
    foreign = Client.objects.exclude(Q(owner__accounts__login="linxiaowen") | Q(department=client.department)).first()
    yield Page("01-login", reverse("login"), "")
    yield Page("02-my-day", reverse("home:my_day"))
    yield Page("03-my-day-approver", reverse("home:my_day"), "hanzhiyuan")
    yield Page("04-clients", reverse("clients:client_list"))
    yield Page("05-clients-no-match", f"{reverse('clients:client_list')}?grade=C&size=micro")
    yield Page("06-client", client.get_absolute_url())
    yield Page("07-client-new", reverse("clients:client_create"))
    yield Page("08-client-edit", reverse("clients:client_update", args=[client.pk]))
    yield Page("09-projects", reverse("projects:project_list"))
    yield Page("10-board", reverse("projects:project_board"))
    yield Page("11-project-returned", deal.get_absolute_url())
    yield Page("12-project-draft", draft.get_absolute_url())
    yield Page("13-project-new", reverse("projects:project_create"))
    yield Page("14-reviews", reverse("risk:review_list"), "hanzhiyuan")
    yield Page("15-review-my-move", final.get_absolute_url(), "hanzhiyuan")
    yield Page("16-review-not-my-move", recheck.get_absolute_url(), "liangyawen")
    yield Page("17-rating-new", reverse("risk:rating_create", args=[client.pk]), "tangyutong")
    yield Page("18-ratings", reverse("risk:rating_list"), "hejunfeng")
    yield Page("19-search", f"{reverse('home:search')}?q=平湖")
    yield Page("20-audit", reverse("home:audit_list"), "liangyawen")
    yield Page("21-404", foreign.get_absolute_url() if foreign else "/clients/0/")
    yield Page("22-password", reverse("password_change"))
    yield Page("30-admin", reverse("admin:index"), "hanzhiyuan")
    yield Page("31-admin-reviews", reverse("admin:risk_reviewcase_changelist"), "hanzhiyuan")
    yield Page("32-admin-case", reverse("admin:risk_reviewcase_change", args=[final.pk]), "hanzhiyuan")
    yield Page("33-admin-roles", reverse("admin:kernel_rolegrant_changelist"), "weichengan")
    yield Page("34-admin-parameters", reverse("admin:kernel_parameter_changelist"), "chengziang")
    yield Page("40-api-docs", reverse("api:docs"))


def take(chromium: Chromium, address: str, page: Page, look: Look) -> Path:
    """One picture of the whole page."""
    context = chromium.new_context(viewport={"width": look.width, "height": 900}, color_scheme=look.theme)  # type: ignore[arg-type]
    if page.login:
        account = Account.objects.get(login=page.login)
        Account.objects.filter(pk=account.pk).update(theme=look.theme, language=look.language)
        browser = Browser()
        browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
    sheet = context.new_page()
    sheet.goto(address + page.path, wait_until="networkidle")
    target = TARGET / f"{page.name}-{look.name}.png"
    sheet.screenshot(path=target, full_page=True)
    context.close()
    return target


def index(names: list[str]) -> str:
    """A page with one row for each page and one column for each look."""
    heads = "".join(f"<th>{look.name}</th>" for look in LOOKS)
    rows = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(
            f'<td><a href="{name}-{look.name}.png"><img src="{name}-{look.name}.png" width="320" alt=""></a></td>'
            for look in LOOKS
        )
        + "</tr>"
        for name in names
    )
    return f'<!doctype html><meta charset="utf-8"><title>Sanshen</title><table><tr><th></th>{heads}</tr>{rows}</table>'


def main() -> None:
    """Take all pictures afresh."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    wanted = list(pages())
    with served() as address, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        for page in wanted:
            for look in LOOKS:
                take(chromium, address, page, look)
        chromium.close()
    (TARGET / "index.html").write_text(index([page.name for page in wanted]), encoding="utf-8")
    print(f"{len(wanted) * len(LOOKS)} pictures: {TARGET.relative_to(BASE)}/index.html")
