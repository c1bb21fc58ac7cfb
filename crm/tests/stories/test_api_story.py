"""One financing through the API, as another system would do it: every request is built from the schema file.

Nothing of the product is imported here. A request is sent only after its body fits the schema's request shape, and an
answer counts only when its status and body are the ones the schema promises.
"""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import jsonschema
import pytest

pytestmark = pytest.mark.long
CODE = "91350100M000100Y43"
OPINION = "资料齐全，资本金到位，现金流可以覆盖本息，同意。"


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers = status, headers
        self.content = body
        self.json = json.loads(body) if body and "json" in headers.get("Content-Type", "") else None


class Api:
    """A client that knows one address and what the schema behind it says."""

    def __init__(self, origin: str, key: str) -> None:
        self.origin = origin
        request = urllib.request.Request(
            f"{origin}/api/v1/schema/",
            headers={"Accept": "application/vnd.oai.openapi+json", "Authorization": f"Bearer {key}"},
        )
        with urllib.request.urlopen(request) as answer:
            self.schema = json.load(answer)
        assert self.schema["openapi"].startswith("3.1")

    def call(
        self,
        key: str,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        expect: int,
        **places: Any,
    ) -> Answer:
        """Send one request of the schema's `path`; check body and answer against it."""
        operation = self.schema["paths"][path][method]
        content, data = self.request_body(operation, body)
        url = self.origin + re.sub(r"\{(\w+)\}", lambda match: str(places[match[1]]), path)
        named = {item["name"] for item in operation.get("parameters", ()) if item["in"] == "header"}
        assert set(headers or {}) <= named, "a header the schema does not name"
        asked = {item["name"] for item in operation.get("parameters", ()) if item["in"] == "query"}
        assert set(query or {}) <= asked, "a condition the schema does not name"
        url += f"?{urllib.parse.urlencode(query)}" if query else ""
        request = urllib.request.Request(url, data=data, method=method.upper())
        for name, value in {"Authorization": f"Bearer {key}", "Accept-Language": "en", **(headers or {})}.items():
            request.add_header(name, value)
        if content:
            request.add_header("Content-Type", content)
        answer = self.send(request)
        assert answer.status == expect, f"{method} {path}: {answer.status} {answer.json}"
        self.check_answer(operation, answer)
        return answer

    def send(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def request_body(self, operation: dict[str, Any], body: dict[str, Any] | None) -> tuple[str, bytes | None]:
        if body is None:
            return "", None
        contents = operation["requestBody"]["content"]
        if "application/json" in contents:
            self.validate(body, contents["application/json"]["schema"])
            return "application/json", json.dumps(body).encode()
        assert "multipart/form-data" in contents
        boundary = "story-boundary"
        parts = b""
        for name, value in body.items():
            filename = f'; filename="{value[0]}"' if isinstance(value, tuple) else ""
            text = value[1] if isinstance(value, tuple) else str(value).encode()
            parts += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n\r\n'.encode()
            parts += text + b"\r\n"
        return f"multipart/form-data; boundary={boundary}", parts + f"--{boundary}--\r\n".encode()

    def check_answer(self, operation: dict[str, Any], answer: Answer) -> None:
        promised = operation["responses"][str(answer.status)]
        content = answer.headers["Content-Type"].split(";")[0]
        if "application/octet-stream" in promised["content"]:
            return
        self.validate(answer.json, promised["content"][content]["schema"])

    def validate(self, value: Any, shape: dict[str, Any]) -> None:
        jsonschema.validate(value, {**shape, "components": self.schema["components"]})


@pytest.mark.django_db(transaction=True)
def test_one_financing_passes_three_people_through_the_api(live_server: Any, actors: dict[str, Any]) -> None:
    owner, assistant = actors["owner"], actors["assistant"]
    api = Api(live_server.url, owner.key)

    client = api.call(
        owner.key,
        "post",
        "/api/v1/clients/",
        {"name": "福建闽江水务有限公司", "client_type": "company", "credit_code": CODE},
        expect=201,
    ).json
    grade = api.call(
        actors["risk_assessor"].key,
        "post",
        "/api/v1/clients/{client_pk}/grades/",
        {"grade": "AA", "reason": "偿债指标满分，经营现金流为正", "source": "2025 年审计报告"},
        client_pk=client["id"],
        expect=201,
    ).json
    confirm = "/api/v1/grades/{id}/confirm/"
    api.call(actors["risk_assessor"].key, "post", confirm, id=grade["id"], expect=403)
    api.call(actors["second_assessor"].key, "post", confirm, id=grade["id"], expect=200)

    deal = {
        "client": client["id"],
        "name": "闽江北岸污水厂提标",
        "product": "P01",
        "sector": "other_infra",
        "amount": "80000000.00",
        "currency": "CNY",
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
        "investigators": {"lead": owner.id, "assistant": assistant.id},
    }
    project = api.call(owner.key, "post", "/api/v1/projects/", deal, expect=201).json
    at = {"id": project["id"]}
    for kind, title in (("feasibility", "可行性研究报告"), ("investigation", "尽职调查报告")):
        document = api.call(
            owner.key,
            "post",
            "/api/v1/projects/{id}/documents/",
            {"kind": kind, "title": title, "file": ("report.txt", title.encode())},
            expect=201,
            **at,
        ).json
    for actor in (owner, assistant):
        body = {"sha256": document["sha256"]}
        api.call(actor.key, "post", "/api/v1/project-documents/{id}/sign/", body, expect=201, id=document["id"])

    submit = "/api/v1/projects/{id}/submit/"
    read = lambda: api.call(owner.key, "get", "/api/v1/projects/{id}/", expect=200, **at)  # noqa: E731
    api.call(owner.key, "post", submit, {}, expect=428, **at)
    review = api.call(owner.key, "post", submit, {"expected_version": read().json["version"]}, expect=201, **at).json
    assert (review["status"], review["stage"], review["round"]) == ("open", "initial", 1)
    case = {"id": review["id"]}

    def review_now() -> dict[str, Any]:
        return api.call(owner.key, "get", "/api/v1/reviews/{id}/", expect=200, **case).json

    def decide(part: str, body: dict[str, Any], *, expect: int = 201, declare: bool = True) -> Any:
        key = actors[part].key
        if declare:
            version = review_now()["version"]
            body_of_declaration = {"has_conflict": False, "expected_version": version}
            api.call(key, "post", "/api/v1/reviews/{id}/conflict/", body_of_declaration, expect=201, **case)
        body = {**body, "seen": True, "expected_version": review_now()["version"]}
        return api.call(key, "post", "/api/v1/reviews/{id}/decisions/", body, expect=expect, **case).json

    decide("owner", {"verb": "approve", "opinion": OPINION}, expect=403, declare=False)
    decide(
        "initial_reviewer",
        {
            "verb": "return",
            "opinion": "设备清单与购销合同缺失，请补齐后再报。",
            "reason_code": "documents_missing",
            "target_stage": "initial",
            "items": ["设备清单", "购销合同"],
        },
    )
    locked_no_more = {"purpose": "污水厂提标改造，附设备清单"}
    patch = "/api/v1/projects/{id}/"
    api.call(owner.key, "patch", patch, locked_no_more, expect=428, **at)
    api.call(owner.key, "patch", patch, locked_no_more, headers={"If-Match": '"1"'}, expect=412, **at)
    tag = read().headers["ETag"]
    api.call(owner.key, "patch", patch, locked_no_more, headers={"If-Match": tag}, expect=200, **at)
    review = api.call(owner.key, "post", submit, {"expected_version": read().json["version"]}, expect=201, **at).json
    assert (review["round"], review["stage"]) == (2, "initial")
    api.call(
        owner.key, "patch", patch, {"purpose": "锁定中"}, headers={"If-Match": read().headers["ETag"]}, expect=409, **at
    )

    decide("initial_reviewer", {"verb": "approve", "opinion": OPINION})
    decide(
        "recheck_reviewer",
        {
            "verb": "approve_with_conditions",
            "opinion": OPINION,
            "conditions": [{"text": "首次放款前取得接入批复", "kind": "precedent", "blocking": True}],
        },
    )
    decide("final_approver", {"verb": "approve", "opinion": OPINION})
    ended = review_now()
    assert ended["status"] == "approved"
    assert len({row["person"] for row in ended["decisions"]}) == 3
    assert all(re.fullmatch(r"[0-9a-f]{64}", row["dossier_sha256"]) for row in ended["decisions"])
    decide("final_approver", {"verb": "approve", "opinion": OPINION}, expect=409, declare=False)
    decide("second_final_approver", {"verb": "approve", "opinion": OPINION}, expect=404, declare=False)
    again = {"expected_version": read().json["version"]}
    api.call(owner.key, "post", submit, again, expect=409, **at)
