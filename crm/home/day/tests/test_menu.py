"""The side bar holds what a person can do or read, and nothing else; what is administered stands apart, below."""

import re

import pytest
from django.urls import reverse

from crm.tests.support.people import browser_for, cast_member

pytestmark = pytest.mark.django_db
# What everybody has who sees clients.
OF_CLIENTS = (
    "clients:client_list",
    "clients:calendar",
    "clients:interaction_list",
    "clients:request_list",
    "projects:series_list",
    "clients:statement_list",
)
PROJECTS = "projects:project_board"
INBOX, REVIEWS = "risk:review_inbox", "risk:review_list"
WARNINGS, RATINGS, COMPLAINTS = "risk:warning_list", "risk:rating_list", "staff:complaint_board"
COMMITTEE, FACILITIES, IMPORTS = "risk:meeting_list", "projects:facility_list", "imports:import_list"
CONTRACTS, REPAYMENT = "projects:contract_list", "projects:instalment_list"
CASH_FLOW = "projects:cashflow_list"
TABLE, MINE, ADMIN = "staff:kpi_table", "staff:kpi_mine", "admin:index"
EVERYBODY = ("home:my_day", "staff:relation_list", "cover:cover_list")
SEEN: dict[str, tuple[str, ...]] = {
    "owner": (
        *OF_CLIENTS,
        PROJECTS,
        CASH_FLOW,
        CONTRACTS,
        FACILITIES,
        REPAYMENT,
        REVIEWS,
        WARNINGS,
        COMPLAINTS,
        MINE,
        IMPORTS,
    ),
    "head": (
        *OF_CLIENTS,
        PROJECTS,
        CASH_FLOW,
        CONTRACTS,
        FACILITIES,
        REPAYMENT,
        REVIEWS,
        WARNINGS,
        COMPLAINTS,
        TABLE,
        ADMIN,
        IMPORTS,
    ),
    "initial_reviewer": (*OF_CLIENTS, PROJECTS, INBOX, ADMIN),
    "risk_assessor": (
        *OF_CLIENTS,
        CASH_FLOW,
        CONTRACTS,
        FACILITIES,
        REPAYMENT,
        WARNINGS,
        RATINGS,
        "risk:limit_list",
        ADMIN,
    ),
    "steward": (*OF_CLIENTS, FACILITIES, ADMIN),
    "complaints_officer": (COMPLAINTS, ADMIN),
    "auditor": (
        *OF_CLIENTS,
        PROJECTS,
        CASH_FLOW,
        CONTRACTS,
        FACILITIES,
        REPAYMENT,
        REVIEWS,
        COMMITTEE,
        WARNINGS,
        COMPLAINTS,
        TABLE,
        ADMIN,
        "home:audit_list",
        "home:jobs",
    ),
    "system_admin": (ADMIN, "home:jobs"),
    "security_admin": (ADMIN,),
}


@pytest.mark.parametrize("part", SEEN)
def test_the_side_bar_holds_what_the_person_can_do_or_read(part: str) -> None:
    page = browser_for(cast_member(part)).get(reverse("home:my_day")).content.decode()
    bar = page[page.index('class="side-nav"') : page.index("</nav>", page.index('class="side-nav"'))]
    found = re.findall(r'class="side-link" href="([^"]+)"', bar)
    assert sorted(found) == sorted(reverse(name) for name in (*EVERYBODY, *SEEN[part]))
    for address in found:
        assert browser_for(cast_member(part)).get(address).status_code == 200, address
    apart = [reverse(name) for name in (ADMIN, "home:audit_list", "home:jobs")]
    below = bar.partition('class="side-rule"')[2]
    assert all((f'href="{address}"' in below) == (address in apart) for address in found)
