"""Query budgets of all lists, from `query_budget` of their classes: with 3 and with 30 rows the same."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client as Browser

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory, ContactFactory, identity_number
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.web.admin import KernelAdmin
from crm.kernel.web.api import KernelActs
from crm.kernel.web.testing import FEW, MANY, listed, queries_of
from crm.kernel.web.views import FILTERS, KernelListView
from crm.tests.assurance.routes import Route, walk
from crm.tests.assurance.world import module_rows
from crm.tests.support.people import browser_for, cast_member, make_person
from projects.deals.models import Project
from projects.deals.tests.factories import ProjectFactory, attach_papers
from risk.indicators.tests.factories import open_warning
from risk.ratings.tests.factories import confirmed
from risk.reviews.tests.factories import submit
from staff.complaints.services import complaint_assign, extension_request, relation_declare
from staff.complaints.tests.factories import act, recorded
from staff.kpi.tests.factories import kpi_row

pytestmark = pytest.mark.django_db

# No list may allow itself more than the base it stands on.
WIDEST = {"page": KernelListView.query_budget, "api": KernelActs.query_budget, "admin": KernelAdmin.query_budget}
# Whoever is measured sees one row of a quarter; the finance officer sees all of them.
KPI = ("staff:kpi_table", "api:kpi-result-list", "admin:staff_kpiresult_changelist")
# Beside the lists: the client's page, and the panels that it loads.
CLIENT_PAGE = "clients:client_detail"
PANELS = (
    "projects:client_panel",
    "projects:facility_panel",
    "clients:interaction_panel",
    "clients:request_panel",
    "clients:statement_panel",
    "clients:ratio_panel",
    "risk:rating_panel",
    "risk:limit_panel",
    "risk:identity_panel",
    "risk:client_panel",
)


def is_list(route: Route) -> bool:
    """Whether a route shows rows page by page."""
    view = getattr(route.callback, "view_class", None)
    actions = getattr(route.callback, "actions", None) or {}
    is_page = view is not None and issubclass(view, KernelListView)
    return is_page or actions.get("get") in ("list", "documents") or route.name.endswith("_changelist")


def class_of(route: Route) -> Any:
    """The view, viewset or ModelAdmin behind a route."""
    if route.name.startswith("admin:"):
        label = route.name.removeprefix("admin:").removesuffix("_changelist")
        return next(
            admin for model, admin in site._registry.items() if model._meta.label_lower.replace(".", "_") == label
        )
    return getattr(route.callback, "view_class", None) or route.callback.cls


def budgets() -> dict[str, int]:
    """Every list with what it may cost: `query_budget` of its class."""
    return {route.name: getattr(class_of(route), "query_budget", 0) for route in walk() if is_list(route)}


@dataclass
class House:
    """One account manager with rows of every kind, grown step by step."""

    manager: Person
    client: Any = None
    count: int = 0

    def grow(self, rows: int) -> None:
        """Clients, contacts, grades, projects, documents and cases: `rows` of each in all."""
        assistant = cast_member("assistant")
        while self.count < rows:
            client = ClientFactory(by=self.manager)
            ContactFactory(client=client)
            confirmed(client=client)
            self.client = self.client or client
            # All on one client's page as well as each with a client of its own.
            for owner in (client, self.client) if client is not self.client else (client,):
                project = ProjectFactory(by=self.manager, client=owner, lead=self.manager, assistant=assistant)
            attach_papers(project)
            kpi_row(make_person(f"经理{self.count}", account=False))
            open_warning(client)
            relation_declare(kind="other", identity_number=identity_number(self.count), by=self.manager)
            complaint = recorded(by=self.manager, client_code=client.credit_code)
            handled = act(complaint_assign, complaint, cast_member("complaints_officer"), person=self.manager)
            act(extension_request, handled, self.manager, reason="须调取评估机构底稿")
            if self.count % 3 == 0:
                submit(project, by=self.manager)
            for rows_of_module in module_rows():
                rows_of_module.grow(self.manager, client)
            self.count += 1

    def address(self, route: Route) -> str:
        """The route about the manager's first client and its first project."""
        pk = self.client.projects.order_by("pk")[0].pk if route.name == "api:project-documents" else self.client.pk
        return route.url(pk=pk, client_pk=self.client.pk)


@pytest.fixture
def house(db: None) -> House:
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        cast_member(part)
    return House(make_person("阮知行", Role.ACCOUNT_MANAGER))


def test_every_list_has_a_budget_and_none_is_wider_than_its_base_allows() -> None:
    found = budgets()
    assert len(found) > 50
    kinds = {name: name.split(":")[0] if name.startswith(("api:", "admin:")) else "page" for name in found}
    assert [name for name, budget in found.items() if not 0 < budget <= WIDEST[kinds[name]]] == []


def test_lists_client_page_and_panels_keep_their_budgets_with_three_and_with_thirty_rows(house: House) -> None:
    routes = {route.name: route for route in walk()}
    watched = budgets() | {name: class_of(routes[name]).query_budget for name in (CLIENT_PAGE, *PANELS)}
    auditor = browser_for(cast_member("auditor"))
    viewers = dict.fromkeys(("home:audit_list", "admin:risk_nightrun_changelist"), auditor)
    viewers |= dict.fromkeys(KPI, browser_for(cast_member("finance")))
    manager = browser_for(house.manager)
    found: dict[str, list[list[str]]] = {name: [] for name in watched}
    for rows in (FEW, MANY):
        house.grow(rows)
        for name in watched:
            found[name].append(_queries(viewers.get(name, manager), name, house.address(routes[name])))
    problems = [problem for name, budget in watched.items() if (problem := _judged(name, budget, *found[name]))]
    for name, (few, many) in found.items():
        print(f"{name}: {len(few)} queries with {FEW} rows, {len(many)} with {MANY}, budget {watched[name]}")
    assert problems == []


def _queries(browser: Browser, name: str, address: str) -> list[str]:
    found = queries_of(browser, address, **({"HTTP_HX_REQUEST": "true"} if name in PANELS else {}))
    # Once a minute a request notes that the session lives: not a cost of the page it happens to meet.
    return [sql for sql in found if not sql.startswith(('UPDATE "django_session"', "SAVEPOINT", "RELEASE SAVEPOINT"))]


def _judged(name: str, budget: int, few: list[str], many: list[str]) -> str:
    if len(many) > budget:
        return f"{name}: {listed(many, budget)}"
    # A list of more than one page counts its rows once: that comes with the second page, not with each row.
    more = len(many) - sum(sql.startswith("SELECT COUNT(*) FROM (") for sql in many)
    less = len(few) - sum(sql.startswith("SELECT COUNT(*) FROM (") for sql in few)
    return f"{name}: {len(few)} queries with {FEW} rows, {len(many)} with {MANY}" if more > less else ""


def test_no_filter_form_draws_a_table_that_grows(house: House) -> None:
    house.grow(FEW)
    manager, auditor = browser_for(house.manager), browser_for(cast_member("auditor"))
    growing = [*Client.objects.values_list("name", flat=True), *Project.objects.values_list("name", flat=True)]
    unfolded = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": FILTERS}
    drawn = 0
    for route in walk():
        view = getattr(route.callback, "view_class", None)
        if view is None or not issubclass(view, KernelListView) or view.filterset_class is None:
            continue
        answer = (auditor if route.name == "home:audit_list" else manager).get(house.address(route), **unfolded)
        assert answer.status_code == 200, route.name
        assert [name for name in growing if name in answer.content.decode()] == [], route.name
        drawn += 1
    assert drawn


def test_the_client_page_loads_no_other_panels(house: House) -> None:
    house.grow(1)
    page = browser_for(house.manager).get(f"/clients/{house.client.pk}/").content.decode()
    loaded = [
        found for found in re.findall(r'hx-get="([^"]+)" hx-trigger="load"', page) if str(house.client.pk) in found
    ]
    assert 1 <= len(loaded) <= len(PANELS), loaded
