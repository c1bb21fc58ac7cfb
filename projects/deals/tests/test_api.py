"""The deals' API: what goes in and out, refusals in one shape, versions by ETag, documents as multipart."""

import hashlib
import json
from typing import Any

import pytest

from clients.file.tests.factories import ClientFactory
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for
from projects.deals import services
from projects.deals.models import Project, ProjectDocument
from projects.deals.tests.factories import DocumentFactory, ProjectFactory, text_file

pytestmark = pytest.mark.django_db
LIST = "/api/v1/projects/"


def body(for_client: int, **changes: Any) -> dict[str, Any]:
    """A project of 8,000 万元 as another system sends it."""
    return {
        "client": for_client,
        "name": "大丰渔光互补 22 MW",
        "product": "P01",
        "sector": "other",
        "amount": "80000000.00",
        "currency": "CNY",
        "term_months": 84,
        "secured": True,
        "purpose": "建设 22 MW 渔光互补光伏电站",
        "total_investment": "105000000.00",
        "capital": "25000000.00",
        **changes,
    }


def test_a_project_goes_in_and_comes_out_in_the_same_shape(owner: Person, assistant: Person) -> None:
    api, client = api_for(owner), ClientFactory()
    pair = {"lead": owner.pk, "assistant": assistant.pk}
    answer = api.post(LIST, body(client.pk, investigators=pair), format="json")
    assert answer.status_code == 201, answer.data
    assert answer["ETag"] == '"1"'
    assert answer.data["investigators"] == pair
    assert answer.data["status"] == "draft"
    assert answer.data["amount"] == "80000000.00"
    assert api.get(f"{LIST}{answer.data['id']}/").data == answer.data
    assert [row["id"] for row in api.get(LIST).data["results"]] == [answer.data["id"]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "1" * 30}, "amount"),
        ({"amount": "1e400"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": ["1"]}, "amount"),
        ({"amount": {"a": 1}}, "amount"),
        ({"amount": None}, "amount"),
        ({"capital": "105000000.01"}, "capital"),
        ({"capital": "-1"}, "capital"),
        ({"term_months": 0}, "term_months"),
        ({"term_months": 601}, "term_months"),
        ({"term_months": 10**40}, "term_months"),
        ({"term_months": "seven"}, "term_months"),
        ({"product": "P99"}, "product"),
        ({"sector": "fishing"}, "sector"),
        ({"currency": "XXX"}, "currency"),
        ({"secured": "perhaps"}, "secured"),
        ({"name": ""}, "name"),
        ({"name": ["a"]}, "name"),
        ({"name": "项" * 1_000_000}, "name"),
        ({"name": "项目\x00"}, "name"),
        ({"name": "项目\ud800"}, "name"),
        ({"purpose": "用" * 600_000}, "purpose"),
        ({"client": 10**30}, "client"),
        ({"client": "x"}, "client"),
        ({"status": "approved"}, "status"),
        ({"owner": 1}, "owner"),
        ({"locked_by_review": "SC-2026-0001"}, "locked_by_review"),
        ({"version": 7}, "version"),
        ({"unheard_of": 1}, "unheard_of"),
        ({"investigators": [1, 2]}, "investigators"),
        ({"investigators": {"lead": 10**30}}, "investigators.lead"),
        ({"investigators": {"third": 1}}, "investigators.third"),
    ],
)
def test_bad_input_is_named_and_nothing_is_filed(owner: Person, changes: dict[str, Any], field: str) -> None:
    # Escaped, as a hostile client may send it: half a surrogate pair is sound JSON.
    sent = json.dumps(body(ClientFactory().pk, **changes))
    answer = api_for(owner).post(LIST, sent, content_type="application/json")
    assert answer.status_code in (400, 413, 422), answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    if answer.status_code != 413:
        assert field in [error["field"] for error in answer.data["errors"]]
        assert all(error["reason"] for error in answer.data["errors"])
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=x", "page_size=1000", "nonsense=1", "ordering=grams", "status=done", "amount_min=x", "client=x",
     "owner=0", "after=-1", "department=9999", "product=P99", "q=%00"],
)  # fmt: skip
def test_a_wrong_filter_or_page_is_named(owner: Person, query: str) -> None:
    ProjectFactory()
    answer = api_for(owner).get(f"{LIST}?{query}")
    assert answer.status_code == 400, answer.content
    assert [error["field"] for error in answer.data["errors"]] == [query.partition("=")[0]]


def test_filters_find_what_they_say(owner: Person) -> None:
    api = api_for(owner)
    water = ProjectFactory(name="津南污水厂提标")
    wind = ProjectFactory(
        name="平潭海风运维码头", amount=360_000_000, total_investment=None, capital=None, product="P15"
    )
    for query, found in {
        "q=污水": [water],
        "q=海风运维": [wind],
        f"client={wind.client_id}": [wind],
        "product=P15": [wind],
        "amount_min=100000000": [wind],
        "amount_max=80000000": [water],
        "ordering=amount": [water, wind],
        "ordering=-amount": [wind, water],
        "status=approved": [],
        "column=draft": [wind, water],
        f"owner={owner.pk}&ordering=name": [wind, water],
        f"department={owner.department_id}": [wind, water],
    }.items():
        answer = api.get(f"{LIST}?{query}")
        assert answer.status_code == 200, (query, answer.data)
        assert [row["id"] for row in answer.data["results"]] == [project.pk for project in found], query


def test_reading_the_schema_leaves_the_filters_choices_whole(owner: Person) -> None:
    """The schema asks the class's filters for their fields, which keep them: no later list may lose its choices."""
    api, project = api_for(owner), ProjectFactory()
    assert api.get("/api/v1/schema/").status_code == 200
    for query in (f"product={project.product}", f"sector={project.sector}"):
        answer = api.get(f"{LIST}?{query}")
        assert answer.status_code == 200, answer.data
        assert [row["id"] for row in answer.data["results"]] == [project.pk]


def test_a_patch_needs_the_version_and_refuses_an_old_one(owner: Person) -> None:
    api, project = api_for(owner), ProjectFactory()
    address = f"{LIST}{project.pk}/"
    assert api.patch(address, {"name": "一"}, format="json").status_code == 428
    assert api.patch(address, {"name": "一"}, format="json", HTTP_IF_MATCH='"x"').status_code == 400
    answer = api.patch(address, {"name": "一"}, format="json", HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer["ETag"], answer.data["name"]) == (200, '"2"', "一")
    assert api.patch(address, {"name": "二"}, format="json", HTTP_IF_MATCH='"1"').status_code == 412
    assert api.patch(address, {"client": 1}, format="json", HTTP_IF_MATCH='"2"').status_code == 400
    assert api.patch(address, {"investigators": {"assistant": None}}, format="json", HTTP_IF_MATCH='"2"').data[
        "investigators"
    ] == {"lead": owner.pk, "assistant": None}


def test_a_locked_project_answers_409_and_names_the_case(owner: Person) -> None:
    project = services.project_lock(project=ProjectFactory(), case_number="SC-2026-0001", by=owner)
    api, address = api_for(owner), f"{LIST}{project.pk}/"
    refused = api.patch(address, {"amount": "1.00"}, format="json", HTTP_IF_MATCH='"2"')
    assert refused.status_code == 409
    assert "SC-2026-0001" in refused.data["errors"][0]["reason"]
    assert (
        api.post(f"{address}documents/", {"file": text_file(), "kind": "other"}, format="multipart").status_code == 409
    )


def test_a_foreign_project_and_an_absent_one_look_the_same(stranger: Person) -> None:
    project = ProjectFactory()
    api = api_for(stranger)
    for address in (f"{LIST}{project.pk}/", f"{LIST}{project.pk}/documents/"):
        foreign, absent = api.get(address), api.get(address.replace(str(project.pk), "999999"))
        assert foreign.status_code == absent.status_code == 404
        assert {**foreign.data, "request_id": ""} == {**absent.data, "request_id": ""}
    assert api.patch(f"{LIST}{project.pk}/", {"name": "x"}, format="json", HTTP_IF_MATCH='"1"').status_code == 404
    assert api.post(LIST, body(project.client_id), format="json").status_code == 400
    assert Project.objects.count() == 1


class TestDocuments:
    def test_a_document_is_attached_with_the_hash_of_its_file(self, owner: Person) -> None:
        api, address = api_for(owner), f"{LIST}{ProjectFactory().pk}/documents/"
        answer = api.post(address, {"file": text_file("环评批复.txt"), "kind": "approval"}, format="multipart")
        assert answer.status_code == 201, answer.data
        assert (answer.data["title"], answer.data["kind"]) == ("环评批复", "approval")
        assert len(answer.data["sha256"]) == 64
        assert [row["id"] for row in api.get(address).data["results"]] == [answer.data["id"]]

    def test_a_new_version_replaces_the_old_one_which_stays_as_history(self, owner: Person) -> None:
        old = DocumentFactory()
        address = f"{LIST}{old.project_id}/documents/"
        sent = {"file": text_file(text="第二版"), "kind": "feasibility", "replaces": old.pk}
        answer = api_for(owner).post(address, sent, format="multipart")
        assert answer.data["replaces"] == old.pk
        assert [row["id"] for row in api_for(owner).get(address).data["results"]] == [answer.data["id"]]
        old.refresh_from_db()
        assert old.is_removed
        assert ProjectDocument.objects.count() == 2

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"kind": "other"}, "file"),
            ({"file": text_file("恶意.exe"), "kind": "other"}, "file"),
            ({"file": text_file("../x.txt"), "kind": "novel"}, "kind"),
            ({"file": text_file(), "kind": "other", "title": "长" * 121}, "title"),
            ({"file": text_file(), "kind": "other", "replaces": 999999}, "replaces"),
            ({"file": text_file(), "kind": "other", "project": 1}, "project"),
        ],
    )
    def test_what_is_wrong_with_an_upload_is_named(self, owner: Person, sent: dict[str, Any], field: str) -> None:
        answer = api_for(owner).post(f"{LIST}{ProjectFactory().pk}/documents/", sent, format="multipart")
        assert answer.status_code == 400, answer.content
        assert field in [error["field"] for error in answer.data["errors"]]
        assert not ProjectDocument.objects.exists()


def test_a_document_is_read_by_its_key_and_the_trail_knows(owner: Person, stranger: Person) -> None:
    document = DocumentFactory(project=ProjectFactory())
    address = f"/api/v1/project-documents/{document.pk}/content/"
    answer = api_for(owner).get(address, HTTP_ACCEPT="application/pdf")
    assert answer.status_code == 200, answer.content
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == document.file.sha256 == answer["X-Content-SHA256"]
    refused = api_for(stranger).get(address, HTTP_ACCEPT="application/pdf")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    event = AuditEvent.objects.get(action="project.document_downloaded")
    assert (event.person_id, event.data["document"]) == (owner.pk, document.pk)


@pytest.mark.parametrize("rows", [3, 30])
def test_the_api_list_costs_at_most_six_queries(owner: Person, django_assert_max_num_queries: Any, rows: int) -> None:
    ProjectFactory.create_batch(rows)
    api = api_for(owner)
    with django_assert_max_num_queries(6):
        assert len(api.get(LIST).data["results"]) == rows
