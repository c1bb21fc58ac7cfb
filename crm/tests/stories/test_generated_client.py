"""A client that openapi-python-client generates from the schema does a financing and a complaint, without a line of its
own about addresses, headers or bodies. Nothing of the product is imported here.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
PACKAGE = "generated_client"
CODE = "91350100M000100Y43"
OPINION = "资料齐全，资本金到位，现金流可以覆盖本息，同意。"
REASONS = "依据贷款合同第十二条，评估费的收费标准应在签约时书面告知，本案未告知，应予退还。"


class Generated:
    """The generated package, and calls of its functions in the name of one person or another."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.module: Callable[[str], ModuleType] = lambda name: import_module(f"{PACKAGE}.{name}")

    def call(self, actor: Any, name: str, *where: int, expect: int, **given: Any) -> Any:
        """Call `api.<tag>.<function>`; the answer's model. A dict given as body becomes the function's own model."""
        function = self.module(f"api.{name}").sync_detailed
        if isinstance(given.get("body"), dict):
            shape = function.__annotations__["body"]
            given["body"] = next(one for one in getattr(shape, "__args__", (shape,))).from_dict(given["body"])
        client = self.module("client").AuthenticatedClient(self.origin, token=actor.key, timeout=120)
        answer = function(*where, client=client, **given)
        assert answer.status_code == expect, f"{name}: {answer.status_code} {answer.content.decode()}"
        assert answer.parsed is not None, name
        return answer.parsed


@pytest.fixture
def generated(live_server: Any, actors: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generated:
    """The client, generated from the schema as it is served."""
    headers = {"Accept": "application/vnd.oai.openapi+json", "Authorization": f"Bearer {actors['owner'].key}"}
    with urllib.request.urlopen(urllib.request.Request(f"{live_server.url}/api/v1/schema/", headers=headers)) as answer:
        schema, config = tmp_path / "schema.json", tmp_path / "config.json"
        schema.write_bytes(answer.read())
    config.write_text(json.dumps({"package_name_override": PACKAGE, "post_hooks": []}))
    command = [Path(sys.executable).parent / "openapi-python-client", "generate", "--meta", "none"]
    command += ["--path", schema, "--config", config, "--output-path", tmp_path / PACKAGE, "--fail-on-warning"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    return Generated(live_server.url)


def test_every_name_of_the_generated_client_is_plain_ascii(generated: Generated) -> None:
    folder = Path(str(generated.module("client").__file__)).parent
    assert [path.name for path in folder.rglob("*.py") if not path.name.isascii()] == []


def test_the_generated_client_carries_a_financing_through_three_stages(
    generated: Generated, actors: dict[str, Any]
) -> None:
    call, owner = generated.call, actors["owner"]
    company = {"name": "福建闽江水务有限公司", "client_type": "company", "credit_code": CODE}
    client = call(owner, "clients.clients_create", body=company, expect=201)
    assert client.warnings == []
    contact = {"name": "钟启昂", "title": "财务总监", "mobile": "13812346021", "is_primary": True}
    added = call(owner, "clients.clients_contacts_create", client.id, body=contact, expect=201)
    assert added.mobile == "138****6021"
    grade = {"grade": "AA", "reason": "偿债指标满分，经营现金流为正", "source": "2025 年审计报告"}
    entered = call(actors["risk_assessor"], "clients.clients_grades_create", client.id, body=grade, expect=201)
    call(actors["second_assessor"], "grades.grades_confirm_create", entered.id, expect=200)
    deal = {
        "client": client.id,
        "name": "闽江北岸污水厂提标",
        "product": "P01",
        "sector": "other_infra",
        "amount": "80000000.00",
        "term_months": 84,
        "secured": True,
        "purpose": "北岸污水厂提标改造工程",
        "total_investment": "120000000.00",
        "capital": "40000000.00",
        "approval_kind": "approval",
        "approval_no": "榕发改审批〔2026〕75号",
        "approval_date": "2026-03-16",
        "rate_kind": "lpr_5y",
        "rate_spread_bp": 15,
        "repayment": "schedule",
        "security_kinds": ["income_pledge"],
        "draw_months": 24,
        "investigators": {"lead": owner.id, "assistant": actors["assistant"].id},
    }
    project = call(owner, "projects.projects_create", body=deal, expect=201)
    for kind, title in (("feasibility", "可行性研究报告"), ("investigation", "尽职调查报告")):
        upload = generated.module("models").DocumentUpload(
            file=generated.module("types").File(BytesIO(title.encode()), "report.txt", "text/plain"),
            kind=generated.module("models").DocumentKindEnum(kind),
            title=title,
        )
        document = call(owner, "projects.projects_documents_create", project.id, body=upload, expect=201)
        assert (document.file_name, document.kind) == ("report.txt", kind)
    for actor in (owner, actors["assistant"]):
        signed = {"sha256": document.sha256}
        call(actor, "project_documents.project_documents_sign_create", document.id, body=signed, expect=201)
    read = call(owner, "projects.projects_retrieve", project.id, expect=200)
    body = {"expected_version": read.version}
    review = call(owner, "projects.projects_submit_create", project.id, body=body, expect=201)
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        at = call(owner, "reviews.reviews_retrieve", review.id, expect=200).version
        declared = {"has_conflict": False, "expected_version": at}
        case = call(actors[part], "reviews.reviews_conflict_create", review.id, body=declared, expect=201)
        decision = {"verb": "approve", "opinion": OPINION, "seen": True, "expected_version": case.version}
        case = call(actors[part], "reviews.reviews_decisions_create", review.id, body=decision, expect=201)
    assert case.status == "approved"
    assert len({decision.person for decision in case.decisions}) == 3


def test_the_generated_client_carries_a_complaint_from_receipt_to_closing(
    generated: Generated, actors: dict[str, Any]
) -> None:
    officer, handler = actors["complaints_officer"], actors["colleague"]
    received = {
        "channel": "hotline",
        "title": "评估费收取未说明",
        "facts": "签约时未说明评估费的收取标准，放款后直接扣收。",
        "complainant_name": "欧阳明远",
        "complainant_phone": "13812346021",
    }
    row = generated.call(officer, "complaints.complaints_create", body=received, expect=201)

    def act(actor: Any, name: str, body: dict[str, Any]) -> None:
        nonlocal row
        function, tag = f"complaints.complaints_{name}_create", f'"{row.version}"'
        row = generated.call(actor, function, row.id, body=body, if_match=tag, expect=200)

    act(officer, "assign", {"person": handler.id})
    act(handler, "acknowledge", {"how": "电话告知已受理，并说明答复期限"})
    reply = {"draft": "经核实，评估费于放款日扣收，签约清单未载明收费标准。", "outcome": "upheld", "reasons": REASONS}
    by = (date.today() + timedelta(days=20)).isoformat()
    act(handler, "draft", {**reply, "measures": "退还多收费用，并在签约清单中增加收费告知栏", "measures_on": by})
    act(handler, "reply", {"how": "电话告知，并寄出书面答复"})
    act(officer, "close", {"note": "已退费，流程补充说明"})
    assert (row.status, row.responsible, row.was_in_time) == ("closed", handler.id, True)
