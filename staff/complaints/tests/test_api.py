"""Complaints over REST: the whole way with versions, and refusals that name field and reason and change nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for
from staff.complaints.examples import ACTS as EXAMPLES
from staff.complaints.models import Complaint, Extension, Status
from staff.complaints.services import overdue_note
from staff.complaints.tests.factories import DRAFT, FACTS, anew, assigned, recorded
from staff.complaints.workflow import ACTS

pytestmark = pytest.mark.django_db
URL = "/api/v1/complaints/"


def post(api: APIClient, complaint: Complaint, act: str, body: dict[str, Any], version: int | None = None) -> Any:
    """One act with the version that `complaint` has now, or another."""
    expected = anew(complaint).version if version is None else version
    return api.post(f"{URL}{complaint.pk}/{act}/", body, format="json", HTTP_IF_MATCH=f'"{expected}"')


def test_a_complaint_walks_to_its_end_over_the_api(complaints_officer: Person, colleague: Person, head: Person) -> None:
    officer, handler, checker = api_for(complaints_officer), api_for(colleague), api_for(head)
    made = officer.post(URL, {**FACTS, "channel": "hotline"}, format="json")
    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    assert made.json()["complainant"] == "欧阳**"
    complaint = Complaint.objects.get(pk=made.json()["id"])
    for api, act, body in (
        (officer, "assign", {"person": colleague.pk}),
        (handler, "acknowledge", {"how": "电话告知"}),
        (handler, "extend", {"reason": "需向评估机构调取底稿"}),
        (checker, "decide-extension", {"approves": True, "opinion": "情况复杂，同意"}),
        (handler, "tell-extension", {"how": "电话告知"}),
        (officer, "pause", {"reason": "mediation", "note": "双方同意调解"}),
        (handler, "resume", {}),
        (handler, "draft", {**DRAFT, "measures_on": "2099-12-31"}),
        (handler, "reply", {"how": "书面寄出"}),
        (checker, "close", {"note": "已退费，流程补充说明"}),
        (officer, "reopen", {"reason": "客户称退费未到账"}),
    ):
        answer = post(api, complaint, act, body)
        assert answer.status_code == 200, (act, answer.json())
    assert anew(complaint).status == Status.INVESTIGATING
    assert anew(complaint).limit_days == 30


def test_acts_ask_for_the_version_they_start_from(colleague: Person) -> None:
    complaint = assigned(colleague)
    api = api_for(colleague)
    assert api.post(f"{URL}{complaint.pk}/acknowledge/", {"how": "电话"}, format="json").status_code == 428
    assert post(api, complaint, "acknowledge", {"how": "电话"}, version=1).status_code == 412


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"received_at": "tomorrow"}, "received_at"),
        ({"channel": "web"}, "channel"),
        ({"facts": ""}, "facts"),
        ({"client_code": "91310115MA1K4X7T0"}, "client_code"),
        ({"status": "closed"}, "status"),
        ({"complainants": 0}, "complainants"),
    ],
)
def test_bad_input_is_refused_with_field_and_reason(
    complaints_officer: Person, change: dict[str, Any], field: str
) -> None:
    if change.get("received_at"):
        change = {"received_at": (clock.now() + timedelta(days=1)).isoformat()}
    answer = api_for(complaints_officer).post(URL, {**FACTS, "channel": "hotline", **change}, format="json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not Complaint.objects.exists()


def test_a_handler_who_is_concerned_is_refused_with_field_and_reason(
    complaints_officer: Person, colleague: Person
) -> None:
    complaint = recorded(subjects=[colleague])
    answer = post(api_for(complaints_officer), complaint, "assign", {"person": colleague.pk})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "person"
    assert answer.json()["code"] == "concerned"
    assert anew(complaint).responsible is None


def test_the_list_filters_and_hides(complaints_officer: Person, stranger: Person) -> None:
    recorded(channel="regulator")
    recorded()
    api = api_for(complaints_officer)
    assert api.get(URL, {"grade": "major"}).json()["count"] == 1
    assert api.get(URL, {"q": "评估费"}).json()["count"] == 2
    assert api.get(URL, {"nonsense": "1"}).status_code == 400
    assert api_for(stranger).get(URL).json()["count"] == 0


@pytest.mark.parametrize("stepped_back", [False, True])
def test_an_extension_after_the_date_is_refused_with_field_and_reason(colleague: Person, stepped_back: bool) -> None:
    with clock.at(date(2026, 3, 16)):
        complaint = assigned(colleague)
    with clock.at(date(2026, 4, 2)):
        overdue_note(pk=complaint.pk, by=SYSTEM)
        api, before = api_for(colleague), anew(complaint)
    with clock.at(date(2026, 3, 20) if stepped_back else date(2026, 4, 2)):
        answers = [post(api, complaint, "extend", {"reason": "资料尚未取齐"}) for _n in range(2)]
    for answer in answers:
        assert answer.status_code == 422
        assert answer.json()["code"] == "late"
        assert answer.json()["errors"][0]["field"] == "reason"
    assert not Extension.objects.exists()
    assert (anew(complaint).version, anew(complaint).due_on) == (before.version, before.due_on)


@pytest.mark.parametrize("count", [2, 4000])
def test_a_list_of_people_is_bounded_and_names_nobody_twice(
    complaints_officer: Person, colleague: Person, count: int
) -> None:
    body = {**FACTS, "channel": "hotline", "subjects": [colleague.pk] * count}
    api = api_for(complaints_officer)
    with CaptureQueriesContext(connection) as asked:
        answer = api.post(URL, body, format="json")
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"subjects"}
    assert len(answer.content) < 2000
    assert not [query for query in asked if '"kernel_person"."id" IN' in query["sql"]]
    assert not Complaint.objects.exists()


def test_each_act_describes_its_own_body_and_shows_an_example_that_fits_it() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for act in ACTS:
        told = schema["paths"][f"{URL}{{id}}/{act.code.replace('_', '-')}/"]["post"]
        body = told.get("requestBody")
        if act.code == "resume":
            continue
        content = body["content"]["application/json"]
        name = content["schema"]["$ref"].rsplit("/", 1)[1]
        assert name != "Complaint", act.code
        fields = schema["components"]["schemas"][name]["properties"]
        example = next(iter(content["examples"].values()))["value"]
        assert example == EXAMPLES[act.code]
        assert set(example) <= set(fields), act.code
