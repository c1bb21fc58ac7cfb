"""A loan from before decides who must approve the next deal, from its confirmation to its settlement."""

from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, cast_member
from projects.deals.tests.factories import text_file
from projects.facilities.tests.factories import FACTS, in_force
from risk.reviews.selectors.dossier import open_dossier
from risk.reviews.tests.factories import make_client, make_project, submit

pytestmark = pytest.mark.django_db
SMALL = {
    "amount": Decimal("30000000.00"),
    "total_investment": Decimal("50000000.00"),
    "capital": Decimal("20000000.00"),
}


def send(person: Any, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
    answer = api_for(person).post(f"/api/v1/{path}/", body or {}, **{"format": "json", **more})
    assert answer.status_code in (200, 201), answer.content.decode()
    return answer.json()


def level_of(client: Any, name: str) -> int:
    """The level that a new deal of 0.3 亿 of the client needs, as its submission through the API tells."""
    project = make_project(client, name=name, **SMALL)
    case = send(project.owner, f"projects/{project.pk}/submit", {"expected_version": project.version})
    return int(case["required_level"])


def test_an_old_loan_raises_the_level_from_its_confirmation_to_its_settlement() -> None:
    """Must-show of "Moving in": 1.4 亿 in force, a new deal of 0.3 亿 (AA: the vice-president up to 1.5 亿)."""
    owner, assessor = cast_member("owner"), cast_member("risk_assessor")
    client = make_client(owner)
    body = {name: str(value) for name, value in FACTS.items()} | {
        "contract_no": "2024-固贷-0117",
        "as_of": str(clock.today()),
        "paper": text_file("借款合同.txt", "固定资产借款合同"),
    }
    loan = send(owner, f"clients/{client.pk}/facilities", body, format="multipart")
    assert level_of(client, "一期提标") == AuthorityLevel.VICE_PRESIDENT, "before its confirmation it counts nowhere"
    send(assessor, f"facilities/{loan['id']}/confirm")
    assert level_of(client, "二期扩建") == AuthorityLevel.GENERAL_MANAGER
    send(owner, f"facilities/{loan['id']}/settle", {"settled_on": str(clock.today())})
    assert level_of(client, "三期管网") == AuthorityLevel.GENERAL_MANAGER, "a settlement that waits changes nothing"
    send(assessor, f"facilities/{loan['id']}/settle-confirm")
    assert level_of(client, "四期再生水") == AuthorityLevel.VICE_PRESIDENT


def test_the_dossier_says_how_each_facility_counts() -> None:
    client = make_client(cast_member("owner"))
    facts = {"kind": "guarantee_perf", "amount": Decimal(6_000_000), "outstanding": Decimal(6_000_000)}
    in_force(client, margin=Decimal(600_000), **facts)
    case = submit(make_project(client, **SMALL))
    exposure = open_dossier(case.rounds.latest("number"))["exposure"]
    (line,) = exposure["deals"]
    assert (line["amount"], line["parts"]["factor"], exposure["total"]) == ("2400000.00", "0.5", "32400000.00")
