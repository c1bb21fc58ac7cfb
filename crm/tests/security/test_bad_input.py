"""The issue's "Bad input", through page and API: each a clear refusal that names field and reason, never a 500, and
nothing in any business table changes."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from crm.tests.assurance.bodies import OPINION, body_of, version
from crm.tests.assurance.cells import Cell, RolledBack, parameters, routes
from crm.tests.assurance.digest import Digest, touched
from crm.tests.assurance.world import World

pytestmark = pytest.mark.django_db

NUL, SURROGATE, MEGABYTE = "a\x00b", "a\ud800b", "a" * 1024**2
DIGITS_30 = "9" * 30
FIVE_GB = 5 * 1024**3
# Route → (method, who may, row): every form and resource that creates or changes.
WRITES = {
    "clients:client_create": ("POST", "owner", ""),
    "clients:client_update": ("POST", "owner", "own"),
    "clients:contact_create": ("POST", "owner", "own"),
    "clients:contact_update": ("POST", "owner", "own"),
    "projects:project_create": ("POST", "owner", "own"),
    "projects:project_update": ("POST", "owner", "own"),
    "projects:project_withdraw": ("POST", "owner", "own"),
    "risk:rating_create": ("POST", "second_assessor", "initial"),
    "risk:review_decide": ("POST", "initial_reviewer", "initial"),
    "risk:review_conflict": ("POST", "second_initial_reviewer", "initial"),
    "risk:review_withdraw": ("POST", "owner", "initial"),
    "risk:condition_report": ("POST", "owner", "approved"),
    "risk:condition_settle": ("POST", "head", "approved"),
    "api:condition-report": ("POST", "owner", "approved"),
    "api:condition-settle": ("POST", "head", "approved"),
    "api:client-list": ("POST", "owner", ""),
    "api:client-detail": ("PATCH", "owner", "own"),
    "api:client-confirm": ("POST", "owner", "own"),
    "api:client-contact-list": ("POST", "owner", "own"),
    "api:contact-detail": ("PATCH", "owner", "own"),
    "api:project-list": ("POST", "owner", "own"),
    "api:project-detail": ("PATCH", "owner", "own"),
    "api:project-withdraw": ("POST", "owner", "own"),
    "api:client-grade-list": ("POST", "second_assessor", "initial"),
    "api:grade-reject": ("POST", "second_assessor", "own"),
    "api:project-review-submit": ("POST", "owner", "own"),
    "api:review-conflict": ("POST", "second_initial_reviewer", "initial"),
    "api:review-decisions": ("POST", "initial_reviewer", "initial"),
    "api:review-withdraw": ("POST", "owner", "initial"),
}
# A free text of each of them.
TEXTS = {
    "clients:client_create": "name",
    "clients:client_update": "address",
    "clients:contact_create": "name",
    "clients:contact_update": "title",
    "projects:project_create": "name",
    "projects:project_update": "purpose",
    "projects:project_withdraw": "reason",
    "risk:rating_create": "reason",
    "risk:review_decide": "opinion",
    "risk:review_withdraw": "reason",
    "risk:condition_report": "evidence",
    "risk:condition_settle": "reason",
    "api:condition-report": "evidence",
    "api:condition-settle": "reason",
    "api:client-list": "name",
    "api:client-detail": "address",
    "api:client-confirm": "source",
    "api:client-contact-list": "name",
    "api:contact-detail": "title",
    "api:project-list": "name",
    "api:project-detail": "purpose",
    "api:project-withdraw": "reason",
    "api:client-grade-list": "reason",
    "api:grade-reject": "reason",
    "api:review-decisions": "opinion",
    "api:review-withdraw": "reason",
}
API_WRITES = [name for name in WRITES if name.startswith("api:")]
LISTS = (
    "clients:client_list",
    "projects:project_list",
    "projects:project_board",
    "risk:rating_list",
    "risk:review_list",
    "api:client-list",
    "api:project-list",
    "api:grade-list",
    "api:review-list",
)


class Desk:
    """Sends input to the world's doors and sees that nothing changed."""

    def __init__(self, world: World) -> None:
        self.world, self.routes, self.digest = world, routes(), Digest()

    def sound(self, name: str) -> dict[str, Any]:
        """A body that would go through."""
        return body_of(name, self.world, WRITES[name][2])

    def url(self, name: str) -> str:
        method, actor, situation = WRITES[name]
        route = self.routes[name]
        return route.url(**parameters(self.world, route, Cell(name, method, actor, situation)))

    def send(self, name: str, body: Any, *, raw: bytes | None = None, actor: str = "") -> HttpResponse:
        """One write, as JSON or as a form; `raw` goes as it is."""
        method, usual, situation = WRITES[name]
        browser = self.world.browsers[actor or usual]
        if name.startswith("api:"):
            extra = {}
            if method == "PATCH":
                model = "client" if "client" in name else "project"
                extra["HTTP_IF_MATCH"] = f'"{version(self.world, model, situation)}"'
            data = json.dumps(body).encode() if raw is None else raw
            return browser.generic(method, self.url(name), data, content_type="application/json", **extra)
        data = urlencode(body, doseq=True, errors="surrogatepass").encode() if raw is None else raw
        return browser.generic(method, self.url(name), data, content_type="application/x-www-form-urlencoded")


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    desk = Desk(world)
    before, start = desk.digest.take(), touched()
    with RolledBack():
        yield desk
        # The look for duplicates is counted whether or not anything is filed.
        assert [name for name in desk.digest.changed_since(before, start) if name != "clients_disclosure"] == []


def refused(answer: HttpResponse, *fields: str, status: range | tuple[int, ...] = range(400, 500)) -> str:
    """The answer is a refusal in the house's words that names the fields; its text."""
    text = answer.content.decode()
    assert answer.status_code in status, f"{answer.status_code}: {text[:500]}"
    if answer.headers["Content-Type"].startswith("application/problem+json"):
        body = json.loads(text)
        named = {item["field"].split(".")[0] for item in body["errors"]}
        assert all(item["reason"] for item in body["errors"])
        assert set(fields) <= named, f"{fields} not in {named}"
    else:
        assert "<html" in text
        for field in fields:
            assert f'name="{field}"' in text or field in text
        assert "Traceback" not in text
    return text


@pytest.mark.parametrize("name", ["clients:client_create", "api:client-list"])
@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91350100M000100Y44", "123", "９１", "91350100M000100Y43" * 9])
def test_a_malformed_credit_code_names_the_field(desk: Desk, name: str, code: str) -> None:
    refused(desk.send(name, {**desk.sound(name), "credit_code": code}), "credit_code")


@pytest.mark.parametrize("name", ["clients:client_create", "api:client-list"])
def test_a_duplicate_code_is_a_conflict_and_tells_no_more_than_whom_to_ask(desk: Desk, name: str) -> None:
    other = desk.world.situations["other"]
    answer = desk.send(name, {**desk.sound(name), "credit_code": other.marks["credit_code"]})
    text = refused(answer, "credit_code", status=(409,))
    assert "马天放" in text
    assert not any(mark in text for field, mark in other.marks.items() if field != "credit_code")


DEALS = ("projects:project_create", "projects:project_update", "api:project-list", "api:project-detail")
AMOUNTS = ("-1", "0", DIGITS_30, "1e5", "NaN", "Infinity", "1.001", "abc", "")


@pytest.mark.parametrize(
    "name", ["projects:project_create", "projects:project_update", "api:project-list", "api:project-detail"]
)
@pytest.mark.parametrize("amount", AMOUNTS)
def test_an_amount_that_is_none_names_the_field(desk: Desk, name: str, amount: str) -> None:
    if amount == "1e5":
        pytest.skip("a hundred thousand, written otherwise")
    refused(desk.send(name, {**desk.sound(name), "amount": amount}), "amount")


@pytest.mark.parametrize(
    "name", ["projects:project_create", "projects:project_update", "api:project-list", "api:project-detail"]
)
def test_capital_above_the_total_investment_names_the_field(desk: Desk, name: str) -> None:
    body = {**desk.sound(name), "total_investment": "100000000.00", "capital": "100000000.01"}
    refused(desk.send(name, body), "capital")


@pytest.mark.parametrize("name", API_WRITES)
def test_an_unknown_field_is_refused_by_name(desk: Desk, name: str) -> None:
    refused(desk.send(name, {**desk.sound(name), "is_superuser": True}), "is_superuser", status=(400,))


@pytest.mark.parametrize("field", ["id", "status", "owner", "department", "version", "created_by", "locked_by_review"])
@pytest.mark.parametrize("name", ["api:client-detail", "api:project-detail", "api:project-list"])
def test_a_field_that_nobody_sets_is_refused_by_name(desk: Desk, name: str, field: str) -> None:
    refused(desk.send(name, {**desk.sound(name), field: 1}), field, status=(400,))


@pytest.mark.parametrize("name", API_WRITES)
@pytest.mark.parametrize("value", [["a", "b"], {"a": 1}, True, None], ids=["list", "object", "boolean", "null"])
def test_a_list_for_a_scalar_is_refused(desk: Desk, name: str, value: Any) -> None:
    for field in desk.sound(name):
        if isinstance(desk.sound(name)[field], bool) and isinstance(value, bool):
            continue
        with RolledBack():
            answer = desk.send(name, {**desk.sound(name), field: value})
        # Null and yes say something for some fields; a list or an object for none of these.
        assert answer.status_code < 500, f"{field}: {answer.status_code}"
        if isinstance(value, list | dict):
            refused(answer, field)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("text", [NUL, SURROGATE, MEGABYTE], ids=["nul", "surrogate", "megabyte"])
def test_text_that_nobody_types_is_refused(desk: Desk, name: str, text: str) -> None:
    refused(desk.send(name, {**desk.sound(name), TEXTS[name]: text}), TEXTS[name])


@pytest.mark.parametrize("name", API_WRITES)
@pytest.mark.parametrize(
    "raw",
    [b"{", b"", b"[]", b'"text"', b"null", b"\xff\xfe", b"{'a': 1}", b"[" * 50_000, b'{"a": NaN}', b"9" * 6_000],
    ids=["open", "empty", "list", "text", "null", "bytes", "quotes", "deep", "nan", "number"],
)
def test_a_body_that_is_no_json_object_is_refused(desk: Desk, name: str, raw: bytes) -> None:
    if not raw and WRITES[name][0] == "PATCH":
        pytest.skip("no body asks for no change")
    answer = desk.send(name, None, raw=raw)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    refused(answer)


@pytest.mark.parametrize("name", ["api:client-list", "api:client-detail", "api:project-detail", "api:review-decisions"])
def test_a_key_given_twice_is_refused(desk: Desk, name: str) -> None:
    body = json.dumps(desk.sound(name))
    key = next(iter(desk.sound(name)))
    twice = body[:-1] + f', "{key}": "second"}}'
    refused(desk.send(name, None, raw=twice.encode()))


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/clients/abc/", "/api/", "/api/v2/clients/"])
@pytest.mark.parametrize("actor", ["owner", "machine"])
def test_an_unknown_api_route_answers_with_a_problem(desk: Desk, path: str, actor: str) -> None:
    answer = desk.world.browsers[actor].get(path)
    assert answer.status_code in (404, 401)
    assert answer.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        {"no_such_filter": "1"},
        {"ordering": "no_such_column"},
        {"ordering": "-owner__accounts__password"},
        {"page": "-1"},
        {"page": "0"},
        {"page": "x"},
        {"page": DIGITS_30},
        {"page": "²"},
        {"q": "长" * 5_000},
        {"owner__name": "x"},
    ],
    ids=lambda query: "=".join(next(iter(query.items())))[:40],
)
def test_a_query_that_a_list_does_not_know_is_refused_by_name(desk: Desk, name: str, query: dict[str, str]) -> None:
    answer = desk.world.browsers["owner"].get(desk.routes[name].url(), query)
    refused(answer, *([] if "q" in query and "api:grade" in name else query), status=(400,))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("text", [NUL, "%", "'", "_", "\\", "¼", "a" * 60])
def test_a_search_for_odd_characters_is_answered(desk: Desk, name: str, text: str) -> None:
    answer = desk.world.browsers["owner"].get(desk.routes[name].url(), {"q": text})
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("size", ["-1", "0", "101", DIGITS_30, "x"])
@pytest.mark.parametrize("name", [name for name in LISTS if name.startswith("api:")])
def test_a_page_size_that_is_none_is_refused(desk: Desk, name: str, size: str) -> None:
    refused(desk.world.browsers["owner"].get(desk.routes[name].url(), {"page_size": size}), "page_size")


@pytest.mark.parametrize("text", ["-1", "x", "²", DIGITS_30, "1.5"])
@pytest.mark.parametrize("name", ["clients:client_update", "projects:project_update", "risk:review_decide"])
def test_a_version_that_is_none_is_refused(desk: Desk, name: str, text: str) -> None:
    refused(desk.send(name, {**desk.sound(name), "version": text}), status=(412, 428, 400, 422))


@pytest.mark.parametrize("header", ["-1", "x", "²", DIGITS_30, "*"])
@pytest.mark.parametrize("name", ["api:client-detail", "api:project-detail"])
def test_an_if_match_that_is_none_is_refused(desk: Desk, name: str, header: str) -> None:
    body = json.dumps(desk.sound(name))
    browser = desk.world.browsers["owner"]
    answer = browser.generic("PATCH", desk.url(name), body, content_type="application/json", HTTP_IF_MATCH=header)
    refused(answer, status=(400, 412))


@pytest.mark.parametrize("name", ["risk:review_decide", "api:review-decisions"])
@pytest.mark.parametrize("actor", ["owner", "assistant", "head", "auditor"])
def test_a_decision_by_the_wrong_person_says_who_can(desk: Desk, name: str, actor: str) -> None:
    text = refused(desk.send(name, desk.sound(name), actor=actor), status=(403,))
    assert "周启明" in text


@pytest.mark.parametrize("name", ["risk:review_decide", "api:review-decisions"])
def test_a_second_decision_of_a_stage_is_a_conflict(world: World, name: str) -> None:
    desk = Desk(world)
    with RolledBack():
        body = desk.sound(name)
        first = desk.send(name, body)
        assert first.status_code in (201, 302)
        held, start = desk.digest.take(), touched()
        key = "expected_version" if name.startswith("api:") else "version"
        again = {**body, key: body[key] + 1}
        assert desk.send(name, again).status_code == 409
        assert desk.digest.changed_since(held, start) == []


BAD_FILES: dict[str, Callable[[], SimpleUploadedFile]] = {
    "executable": lambda: SimpleUploadedFile("a.exe", b"MZ" + b"\x00" * 200),
    "script": lambda: SimpleUploadedFile("a.html", b"<script>alert(1)</script>"),
    "drawing": lambda: SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "disguised": lambda: SimpleUploadedFile("a.pdf", b"MZ" + b"\x00" * 200, content_type="application/pdf"),
    "empty": lambda: SimpleUploadedFile("a.pdf", b"", content_type="application/pdf"),
    "turned": lambda: SimpleUploadedFile("a\u202efdp.exe", b"MZ", content_type="application/pdf"),
}


@pytest.mark.parametrize("name", ["projects:document_add", "api:project-documents"])
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_forbidden_file_names_the_field(desk: Desk, name: str, kind: str) -> None:
    route = desk.routes[name]
    url = route.url(pk=desk.world.situations["own"].rows["project"].pk)
    answer = desk.world.browsers["owner"].post(url, {"file": BAD_FILES[kind](), "kind": "other"})
    refused(answer, "file")


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/projects/{project}/documents/new/", "multipart/form-data; boundary=x"),
        ("/api/v1/projects/{project}/documents/", "multipart/form-data; boundary=x"),
        ("/api/v1/clients/", "application/json"),
        ("/clients/new/", "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize("actor", ["owner", "visitor"])
def test_five_gigabytes_are_refused_by_their_length_unread(
    desk: Desk, path: str, content_type: str, actor: str
) -> None:
    url = path.format(project=desk.world.situations["own"].rows["project"].pk)
    extra = {"CONTENT_LENGTH": str(FIVE_GB), "wsgi.input": Unread()}
    answer = desk.world.browsers[actor].generic("POST", url, b"", content_type=content_type, **extra)
    assert answer.status_code == 413 or (actor == "visitor" and answer.status_code in (302, 401))


def test_a_count_of_rows_that_is_no_number_is_refused(desk: Desk) -> None:
    body = {**desk.sound("risk:review_decide"), "add": "items", "items-TOTAL_FORMS": "²", "opinion": OPINION}
    assert desk.send("risk:review_decide", body).status_code < 500


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_speaks_the_users_language(desk: Desk, language: str) -> None:
    answer = desk.world.browsers["machine"].generic(
        "POST",
        "/api/v1/clients/",
        "{}",
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {desk.world.keys['machine']}",
        HTTP_ACCEPT_LANGUAGE=language,
    )
    reasons = " ".join(item["reason"] for item in json.loads(answer.content)["errors"])
    assert any("一" <= character <= "鿿" for character in reasons) == (language == "zh-hans")
