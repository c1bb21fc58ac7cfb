"""What the first pages of every role cost: queries and bytes of SQL, with 3 and with 30 rows alike."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.file.models import Client
from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_escalate, todo_open
from crm.tests.support.people import CAST, browser_for, cast_member
from risk.indicators.tests.factories import open_warning
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import decide, make_client, make_project, submit

pytestmark = [pytest.mark.django_db, pytest.mark.long]
FEW, MANY = 3, 30
# Every request reads its session and its account; the panels' measure is what they ask besides.
OF_EVERY_REQUEST = 2
PARTS = ("owner", "head", "auditor", "initial_reviewer", "recheck_reviewer", "risk_assessor")


@dataclass(frozen=True)
class Page:
    """One page: who opens it, the most queries and, where watched, the most bytes of SQL."""

    route: str
    parts: tuple[str, ...]
    queries: int
    sql_bytes: int = 10**9
    about: str = ""
    is_panel: bool = False


DECIDERS = ("initial_reviewer", "recheck_reviewer", "final_approver")
PAGES = (
    # The most is a head's day, which asks besides which late cases were reminded of, and for changes of identity.
    Page("home:my_day", tuple(CAST), 10, 12_000),
    Page("risk:review_inbox", DECIDERS, 6),
    Page("risk:review_detail", ("initial_reviewer", "recheck_reviewer", "owner", "head", "auditor"), 10, about="case"),
    Page("clients:client_detail", ("owner", "head", "auditor", "risk_assessor"), 7, about="client"),
    Page("projects:client_panel", PARTS, OF_EVERY_REQUEST + 2, about="client", is_panel=True),
    Page("risk:rating_panel", PARTS, OF_EVERY_REQUEST + 2, about="client", is_panel=True),
    Page("risk:client_panel", PARTS, OF_EVERY_REQUEST + 2, about="client", is_panel=True),
)


class World:
    """Clients with projects in every stage of review, warnings, and to-dos, of one's own and risen."""

    def __init__(self) -> None:
        for part in CAST:
            cast_member(part)
        self.count = 0
        self.client: Any = None
        self.case: Any = None

    def grow(self, rows: int) -> None:
        """`rows` of each in all; the first client has a project of each step besides, up to ten."""
        while self.count < rows:
            client = make_client(cast_member("owner"))
            self.client = self.client or client
            case = submit(make_project(client))
            self._lead_on(case)
            if client is not self.client and self.count < 10:
                submit(make_project(self.client))
            open_warning(client)
            self._add_todos(client, case)
            self.count += 1

    def _lead_on(self, case: ReviewCase) -> None:
        if self.case is None:
            # One that was returned, came again, and carries a condition.
            decide(case, cast_member("initial_reviewer"), "return")
            case = submit(case.project)
            decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
            self.case = case
        elif self.count % 3 == 1:
            decide(case, cast_member("initial_reviewer"))
        elif self.count == 2:
            for part in DECIDERS[:2]:
                decide(case, cast_member(part))

    def _add_todos(self, client: Client, case: ReviewCase) -> None:
        yesterday = clock.today() - timedelta(days=1)
        for subject in (client, case.project, case):
            todo = todo_open(
                kind="test.cost", subject=subject, owner=client.owner, due_on=yesterday, url="/", by=SYSTEM
            )
            todo_escalate(todo=todo, by=SYSTEM)

    def address(self, page: Page) -> str:
        about = {"client": self.client, "case": self.case}.get(page.about)
        return reverse(page.route, args=[about.pk] if about else [])


def statements_of(browser: Browser, page: Page, address: str) -> list[str]:
    """The SQL of one GET. Not counted: that a session lives is noted once a minute; what the test's own transaction
    makes of a transaction."""
    headers = {"HTTP_HX_REQUEST": "true"} if page.is_panel else {}
    browser.get(address, **headers)
    with CaptureQueriesContext(connection) as seen:
        answer = browser.get(address, **headers)
    assert answer.status_code == 200, address
    texts = [query["sql"] for query in seen.captured_queries]
    return [text for text in texts if not text.startswith(('UPDATE "django_session"', "SAVEPOINT", "RELEASE"))]


def written_size(text: str) -> int:
    """Characters of a statement, every key counted as one digit: how high keys have grown is not the page's doing."""
    return len(re.sub(r"(?<=[ (])\d+(?=[,) ])", "0", text))


def test_first_pages_keep_their_budgets_of_queries_and_sql_with_three_and_with_thirty_rows() -> None:
    world = World()
    found: dict[str, tuple[Page, list[list[str]]]] = {}
    browsers = {part: browser_for(cast_member(part)) for part in CAST}
    for rows in (FEW, MANY):
        world.grow(rows)
        for page in PAGES:
            for part in page.parts:
                texts = statements_of(browsers[part], page, world.address(page))
                found.setdefault(f"{page.route} of {part}", (page, []))[1].append(texts)
    problems = []
    for key, (page, measured) in found.items():
        few, many = measured[0], measured[-1]
        size = max(sum(map(written_size, texts)) for texts in measured)
        print(f"{key}: {len(few)} queries with {FEW} rows, {len(many)} with {MANY}, {size} bytes of SQL")
        if len(many) > page.queries or size > page.sql_bytes:
            listed = "\n".join(f"  {len(text):5d} {text[:150]}" for text in many)
            problems.append(f"{key}: {len(many)} queries of {page.queries}, {size} bytes of {page.sql_bytes}\n{listed}")
        if len(many) > len(few):
            problems.append(f"{key}: {len(few)} queries with {FEW} rows, {len(many)} with {MANY}")
    assert len(found) == sum(len(page.parts) for page in PAGES)
    assert not problems, "\n".join(problems)
