"""What the run asks for, as whom, and what each may cost: times the floor, growth, queries, kilobytes."""

import os
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from clients.file.models import Client
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Person
from crm.kernel.people.services import api_key_create
from crm.kernel.web.pagination import COUNT_CAP, PAGE_SIZE
from crm.tests.support.people import cast_member
from crm.tests.support.throwaway import BASE
from risk.reviews.models import ReviewCase
from tools.bench.stories import DECIDERS
from tools.bench.world import make_people

HTMX = {"HX-Request": "true"}
LIST, JSON_LIST, EMPTY = "floor: HTML list", "floor: JSON list", "floor: empty view"
GROWTH = 1.5


@dataclass(frozen=True)
class Budget:
    """What issue and performance.md allow. `times` counts for the median alone and for throughput at eight at once."""

    floor: str
    times: float
    growth: float = GROWTH
    queries: int | None = None
    kilobytes: float | None = None


A_LIST = Budget(LIST, 4.0, queries=10)
A_PAGE = Budget(LIST, 4.0, queries=7)
A_PANEL = Budget(LIST, 2.5, queries=4)
A_DAY = Budget(LIST, 6.0, queries=10)
AN_INBOX = Budget(LIST, 8.0, queries=6)
A_CASE = Budget(LIST, 8.0, queries=10)
AN_API_LIST = Budget(JSON_LIST, 4.0, queries=6, kilobytes=60)


@dataclass(frozen=True)
class Address:
    """What is asked for, as whom; None for the budget of a floor."""

    name: str
    path: str
    headers: dict[str, str]
    budget: Budget | None = None


def floor_cookie() -> dict[str, str]:
    """A session of the floor's own user; made once per database."""
    command = [sys.executable, "-m", "tools.bench.plain.login"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tools.bench.plain.settings"}
    key = subprocess.run(command, cwd=BASE, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    return {"Cookie": f"sessionid={key}"}


def floors(cookie: dict[str, str]) -> list[Address]:
    """The floors, which a server of plain Django answers."""
    named = {EMPTY: "/empty/", LIST: "/list/", JSON_LIST: "/json/"}
    return [Address(name, path, cookie) for name, path in named.items()]


class People:
    """Who asks: an account manager with grants, a department's head, an auditor, and who decides on reviews."""

    def __init__(self) -> None:
        self.manager, self.head, self.auditor = make_people()
        self.key = api_key_create(account=self.manager, name="bench", by=SYSTEM)
        self.all_key = api_key_create(account=self.auditor, name="bench", by=SYSTEM)

    def addresses(self, client: Client, case: ReviewCase) -> list[Address]:
        """Every page measured; `client` and `case` are those of the stories."""
        mine, heads, everything = (cookie_of(account) for account in (self.manager, self.head, self.auditor))
        deciders = {part: cookie_of(account_of(cast_member(part))) for part in DECIDERS}
        return [
            *self._lists(mine, heads, everything),
            *[Address(f"search: {name}", f"/clients/?q={quote(term)}", everything, A_LIST) for name, term in TERMS],
            Address("search: frequent, a head's", f"/clients/?q={quote('有限')}", heads, A_LIST),
            *[Address(f"search everywhere: {name}", f"/search/?q={quote(term)}", mine, A_LIST) for name, term in TERMS],
            Address("client page", f"/clients/{client.pk}/", mine, A_PAGE),
            *[
                Address(f"panel: {name}", reverse(route, args=[client.pk]), mine | HTMX, A_PANEL)
                for name, route in PANELS.items()
            ],
            Address("my day, account manager", "/", mine, A_DAY),
            Address("my day, head", "/", heads, A_DAY),
            Address("my day, auditor", "/", everything, A_DAY),
            *[Address(f"my day, {part}", "/", cookie, A_DAY) for part, cookie in deciders.items()],
            *[
                Address(f"inbox, {part}", reverse("risk:review_inbox"), deciders[part], AN_INBOX)
                for part in DECIDERS
                if part != "risk_assessor"
            ],
            Address("case page, reviewer", case.get_absolute_url(), deciders["initial_reviewer"], A_CASE),
            Address("case page, owner", case.get_absolute_url(), mine, A_CASE),
            *self._api(),
        ]

    def _lists(self, mine: dict[str, str], heads: dict[str, str], everything: dict[str, str]) -> list[Address]:
        last = f"/clients/?page={COUNT_CAP // PAGE_SIZE}"
        filtered, graded = "/clients/?grade=AA&size=medium", "/clients/?ordering=grade"
        named = {
            "clients": ("/clients/", mine),
            "clients, a head's": ("/clients/", heads),
            "clients, all": ("/clients/", everything),
            "clients, filtered": (filtered, mine),
            "clients, all, filtered": (filtered, everything),
            "clients, all, by grade": (graded, everything),
            "clients, a head's, by grade": (graded, heads),
            "clients, all, last page": (last, everything),
            "projects": (reverse("projects:project_list"), mine),
            "projects, all": (reverse("projects:project_list"), everything),
            "board": (reverse("projects:project_board"), mine),
            "facilities": (reverse("projects:facility_list"), heads),
            "reviews": (reverse("risk:review_list"), mine),
            "reviews, all": (reverse("risk:review_list"), everything),
            "grades, all": (reverse("risk:rating_list"), everything),
            "warnings": (reverse("risk:warning_list"), mine),
            "complaints, all": (reverse("staff:complaint_list"), everything),
            "to-dos": (reverse("worklist:todo_list"), mine),
            "notices": (reverse("notify:notice_list"), mine),
        }
        return [Address(f"list: {name}", path, cookie, A_LIST) for name, (path, cookie) in named.items()]

    def _api(self) -> list[Address]:
        bearer, all_bearer = ({"Authorization": f"Bearer {key}"} for key in (self.key, self.all_key))
        deep = Client.objects.order_by("pk").values_list("pk", flat=True)[Client.objects.count() * 9 // 10]
        named = {
            "clients": ("/api/v1/clients/", bearer),
            "clients, deep page by key": (f"/api/v1/clients/?after={deep}", all_bearer),
            "projects": ("/api/v1/projects/", bearer),
            "reviews": ("/api/v1/reviews/", bearer),
        }
        return [Address(f"API: {name}", path, headers, AN_API_LIST) for name, (path, headers) in named.items()]


TERMS = (
    ("rare", "钧茂"),
    ("a part of a code", "MA000012"),
    ("frequent", "有限"),
    ("a province", "浙江"),
    ("one character", "钧"),
)
PANELS = {"grade": "risk:rating_panel", "reviews": "risk:client_panel", "projects": "projects:client_panel"}


def account_of(person: Person) -> Account:
    """The first account of a person."""
    return Account.objects.filter(person=person).earliest("pk")


def cookie_of(account: Account) -> dict[str, str]:
    """A session of that account. Nobody logs in with a password here."""
    browser = Browser()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}
