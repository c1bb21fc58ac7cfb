"""What an outside program does with the schema alone: a client with contact and loan in force, a document up and down
by key, an export, and everything that changed since a moment. Of the product only the worker is called.
"""

import csv
import hashlib
import io
from datetime import datetime
from typing import Any

import pytest

from crm.kernel.outbox.relay import relay_due
from crm.tests.stories.conftest import actor
from crm.tests.stories.test_api_story import CODE, Api

pytestmark = pytest.mark.long
NAME = "福建闽江水务有限公司"
REPORT = "可行性研究报告：北岸污水厂提标改造。".encode()
CLIENT = {"name": NAME, "client_type": "company", "credit_code": CODE}
CONTACT = {"name": "沈亦舟", "mobile": "13805910001"}
LOAN = {
    "contract_no": "2024-固贷-0117",
    "name": "城南污水处理厂一期",
    "kind": "loan",
    "amount": "160000000.00",
    "approved_on": "2024-03-15",
    "approved_by": "原授信审批委员会 2024 年第 5 次会议",
    "matures_on": "2034-03-15",
    "outstanding": "140000000.00",
    "as_of": "2026-11-30",
}
DEAL = {
    "name": "闽江北岸污水厂提标",
    "product": "P01",
    "sector": "other_infra",
    "amount": "80000000.00",
    "currency": "CNY",
    "term_months": 84,
    "secured": True,
    "purpose": "北岸污水厂提标改造工程",
    "repayment": "schedule",
    "draw_months": 24,
}


@pytest.mark.django_db(transaction=True)
def test_a_program_files_reads_exports_and_follows_with_the_schema_alone(
    live_server: Any, actors: dict[str, Any]
) -> None:
    key = actors["owner"].key
    api, begun = Api(live_server.url, key), datetime.now().astimezone().isoformat(timespec="seconds")

    client = api.call(key, "post", "/api/v1/clients/", CLIENT, expect=201).json
    of = {"client_pk": client["id"]}
    contact = api.call(key, "post", "/api/v1/clients/{client_pk}/contacts/", CONTACT, expect=201, **of).json
    paper = {**LOAN, "paper": ("contract.txt", "借款合同".encode())}
    loan = api.call(key, "post", "/api/v1/clients/{client_pk}/facilities/", paper, expect=201, **of).json
    assert loan["state"] == "entered"
    confirm = "/api/v1/facilities/{id}/confirm/"
    api.call(key, "post", confirm, expect=403, id=loan["id"])
    assert api.call(actor("head").key, "post", confirm, expect=200, id=loan["id"]).json["state"] == "confirmed"

    deal = api.call(key, "post", "/api/v1/projects/", {"client": client["id"], **DEAL}, expect=201).json
    document = {"kind": "feasibility", "title": "可行性研究报告", "file": ("report.txt", REPORT)}
    added = api.call(key, "post", "/api/v1/projects/{id}/documents/", document, expect=201, id=deal["id"]).json
    down = api.call(key, "get", "/api/v1/project-documents/{id}/content/", expect=200, id=added["id"])
    assert down.content == REPORT and hashlib.sha256(down.content).hexdigest() == added["sha256"]

    order = {"noun": "clients", "filter": "ordering=name", "columns": ["name"], "format": "csv", "purpose": "每日对账"}
    run = api.call(key, "post", "/api/v1/exports/", order, expect=201).json
    at = {"id": run["id"]}
    api.call(key, "get", "/api/v1/exports/{id}/file/", expect=409, **at)
    relay_due(seconds=60)
    run = api.call(key, "get", "/api/v1/exports/{id}/", expect=200, **at).json
    assert (run["state"], run["done"]) == ("done", run["total"])
    file = api.call(key, "get", "/api/v1/exports/{id}/file/", expect=200, **at)
    assert hashlib.sha256(file.content).hexdigest() == run["sha256"] == file.headers["X-Content-SHA256"]
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert [line[0] for line in lines[1:]] == [NAME]
    other = actors["stranger"].key
    api.call(other, "get", "/api/v1/exports/{id}/file/", expect=404, **at)

    for noun, changed in (("clients", client), ("contacts", contact), ("facilities", loan), ("projects", deal)):
        path = f"/api/v1/{noun}/"
        found = api.call(key, "get", path, query={"updated_since": begun}, expect=200).json
        assert [row["id"] for row in found["results"]] == [changed["id"]], path
