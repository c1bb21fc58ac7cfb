"""What the browser stories share: a person at a browser, and the acts that several stories need.

Everything here is done as a person does it: by what stands on the page, waiting until it can be seen.
"""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from crm.kernel.people.models import Person
from crm.tests.support.people import CAST, browser_for

# A busy machine is slow; waiting ends as soon as the thing can be seen.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
CODE = "91350100M000100Y43"
CLIENT = "福建闽江水务有限公司"
PROJECT = "闽江北岸污水厂提标"
CORRECTED = "污水厂提标改造，附设备清单与购销合同"
OPINION = "资料齐全，资本金到位，现金流可以覆盖本息，同意。"
NAMES = [name for name, *_rest in CAST.values()]
DEAL = {
    "name": PROJECT,
    "amount": "80,000,000",
    "term_months": "84",
    "total_investment": "120000000",
    "capital": "40000000",
    "purpose": "北岸污水厂提标改造工程",
    "approval_no": "榕发改审批〔2026〕75号",
    "approval_date": "2026-03-16",
    "rate_spread_bp": "15",
    "draw_months": "24",
}


class Desk:
    """One person at one browser."""

    def __init__(self, page: Page, actor: Any) -> None:
        self.page, self.actor = page, actor
        page.set_default_timeout(PATIENCE)
        self.main = page.locator("main")

    def sign_in(self, landing: str = "/") -> "Desk":
        """Through the login page, to the address that was asked for."""
        self.page.goto(landing)
        self.page.locator("[name=username]").fill(self.actor.login)
        self.page.locator("[name=password]").fill(self.actor.password)
        self.press("登录")
        self.at(landing)
        return self

    def at(self, path: str) -> "Desk":
        """The page stands at `path`; `<id>` stands for a number."""
        self.page.wait_for_url(re.compile(re.escape(path).replace("<id>", r"\d+") + r"(#\w+)?$"))
        return self

    def click(self, href: str, within: str = "main") -> "Desk":
        """Follow the visible link to `href` (the end of the address)."""
        self.page.locator(f'{within} a[href$="{href}"]:visible').first.click()
        return self

    def take(self, text: str) -> "Desk":
        """Open the line of my day that speaks of `text`."""
        self.page.goto("/")
        self.main.locator(".work", has_text=text).get_by_role("link").first.click()
        return self

    def fill(self, **fields: str) -> "Desk":
        """Fill the text boxes by their names."""
        for name, text in fields.items():
            self.main.locator(f'[name="{name}"]').fill(text)
        return self

    def pick(self, name: str, text: str) -> "Desk":
        """Type into a searching picker and choose the row that is offered."""
        # The box around the text field: the field itself is out of sight while something is chosen.
        control = self.main.locator(f"#id_{name} + .ts-wrapper .ts-control")
        dropdown = self.main.locator(f"#id_{name}-ts-dropdown")
        control.click()
        # As a person would: the list of the picker before may still be closing and take this one along.
        expect(dropdown).to_be_visible()
        # What is offered is what the server found for the whole text: an answer that comes later opens the list again.
        with self.page.expect_response(lambda answer: unquote(answer.url).endswith(f"q={text}")):
            self.page.keyboard.type(text)
        option = dropdown.locator(".option").filter(has_text=text).first
        expect(option).to_be_attached()
        # As a person would: what was drawn a blink ago is not chosen (pickers.js).
        self.page.wait_for_timeout(200)
        if not dropdown.is_visible():
            control.click()
        option.click()
        expect(self.main.locator(f"#id_{name} + .ts-wrapper .item")).to_contain_text(text)
        expect(dropdown).to_be_hidden()
        return self

    def choose(self, name: str, value: str) -> "Desk":
        """Tick the radio or box of this name and value, by its label."""
        self.main.locator(f'label:has([name="{name}"][value="{value}"])').first.click()
        return self

    def press(self, words: str) -> "Desk":
        """Press the button with these words; what is hidden between them leaves a blank in its name."""
        self.main.get_by_role("button", name=re.compile(r"\s*".join(map(re.escape, words)))).click()
        return self

    def told(self, words: str) -> "Desk":
        """The page says that it is done."""
        expect(self.page.locator("#toasts")).to_contain_text(words)
        return self

    def sees(self, *texts: str, within: str = "main") -> "Desk":
        """Each text can be seen."""
        place = self.page.locator(within).first
        for text in texts:
            expect(place).to_contain_text(text, use_inner_text=True)
        return self

    def shows(self, locator: str) -> Locator:
        """The element, once it can be seen."""
        found = self.page.locator(locator).first
        expect(found).to_be_visible()
        return found

    def prefer(self, what: str, value: str) -> "Desk":
        """Choose theme or language in the menu of the account."""
        self.page.locator(".side-foot summary").click()
        self.page.locator(f'.side-foot button[name="{what}"][value="{value}"]').click()
        return self

    def width(self) -> int:
        """How wide the page is, in pixels, with what sticks out."""
        return int(self.page.evaluate("document.scrollingElement.scrollWidth"))

    # -- acts of the review ----------------------------------------------------------------------------------------

    def declare(self, words: str = "申报并展开决定") -> "Desk":
        """No conflict of interest: the decision opens."""
        self.choose("has_conflict", "no").press(words)
        self.shows('[name="verb"][value="approve"]')
        return self

    def decide(self, verb: str, opinion: str = OPINION) -> "Desk":
        """Choose the verb, write the opinion, tick that the dossier was read."""
        self.choose("verb", verb).fill(opinion=opinion)
        self.main.locator('[name="seen"]').check()
        return self


def desk(open_page: Callable[..., Page], actor: Any, landing: str = "/", **options: Any) -> Desk:
    """A person in a browser of their own, with a session that the test made; `sign_in` goes through the login page."""
    page = open_page(**options)
    browser = browser_for(Person.objects.get(pk=actor.id))
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": browser.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])
    page.goto(landing)
    return Desk(page, actor).at(landing)


def file_client(owner: Desk) -> str:
    """The account manager files the client; its address."""
    owner.click("/clients/", within=".side-nav").at("/clients/").click("/clients/new/").at("/clients/new/")
    owner.fill(credit_code=CODE, name=CLIENT)
    owner.sees("代码有效，尚未建档", within="#code-check")
    owner.pick("industry", "水的生产").pick("region", "福州").press("建立客户档案").at("/clients/<id>/")
    owner.told("客户已建档").sees(CLIENT, CODE, owner.actor.name)
    return path_of(owner)


def file_project(owner: Desk, assistant: Any) -> str:
    """From the client's page: the project with its two investigators; its address."""
    owner.click(f"/projects/new/?client={path_of(owner).split('/')[-2]}").shows("[name=amount]")
    owner.sees(CLIENT).fill(**DEAL).choose("secured", "yes")
    owner.main.locator("[name=product]").select_option("P01")
    owner.main.locator("[name=sector]").select_option("other_infra")
    for name, code in (("approval_kind", "approval"), ("rate_kind", "lpr_5y"), ("repayment", "schedule")):
        owner.main.locator(f"[name={name}]").select_option(code)
    owner.choose("security_kinds", "income_pledge")
    owner.pick("lead", owner.actor.name).pick("assistant", assistant.name)
    owner.press("建立项目").at("/projects/<id>/").told("项目已存为草稿")
    owner.sees(PROJECT, "8,000.00 万元", "¥80,000,000.00", "84", "有担保", owner.actor.name, assistant.name)
    return path_of(owner)


def attach(owner: Desk, folder: Path, title: str, kind: str = "feasibility") -> None:
    """Upload a document on the project's page."""
    file = folder / f"{title}.txt"
    file.write_text("可行性研究", encoding="utf-8")
    owner.click("/documents/new/").shows("[name=kind]")
    owner.main.locator("[name=file]").set_input_files(file)
    owner.main.locator("[name=kind]").select_option(kind)
    owner.fill(title=title).press("添加资料").at("/projects/<id>/")
    owner.told("资料已添加").sees(title)


def sign_report(investigator: Desk) -> None:
    """On the project's page: one of the two investigators signs the due-diligence report."""
    investigator.click("/sign/").shows("[name=seen]")
    investigator.main.locator("[name=seen]").check()
    investigator.press("签署报告").at("/projects/<id>/").told("报告已签署").sees(investigator.actor.name)


def submit(owner: Desk, words: str = "提交审查") -> str:
    """The project's panel finds nothing missing; the case opens. Its address."""
    owner.press(words).at("/reviews/<id>/")
    return path_of(owner)


def path_of(one: Desk) -> str:
    """The path of the page a person looks at."""
    return "/" + one.page.url.split("/", 3)[3].split("#")[0].split("?")[0]


def pdf_text(one: Desk, path: str) -> str:
    """The words of a PDF as this person gets it, without blanks and line ends."""
    answer = one.page.context.request.get(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.body())).pages)


def chinese_in(one: Desk, known: list[str]) -> list[str]:
    """The visible lines that still hold Chinese once people's names and their initials and `known` are out."""
    text = one.page.locator("body").inner_text()
    for data in sorted([*known, *NAMES, *{name[0] for name in NAMES}], key=len, reverse=True):
        text = text.replace(data, "")
    return [line for line in text.splitlines() if re.search(r"[\u4e00-\u9fff]", line)]
