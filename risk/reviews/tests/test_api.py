"""The review over REST: the same services, answers as problem+json, one version in and one out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.kernel.audit.models import AuditEvent
from crm.tests.support.people import api_for, browser_for, cast_member
from risk.reviews.models import Decision, ReviewCase
from risk.reviews.tests.factories import OPINION, decide, declare, make_client, make_project, submit

pytestmark = pytest.mark.django_db


def fields(answer):
    return {error["field"] for error in answer.json()["errors"]}


def test_a_deal_is_submitted_and_decided_through_the_api(owner):
    project = make_project()
    answer = api_for(owner).post(
        f"/api/v1/projects/{project.pk}/submit/", {"expected_version": project.version}, format="json"
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["subject"]["id"] == project.pk and body["stage"] == "initial" and body["round"] == 1
    assert {person["name"] for person in body["waiting_for"]} == {"周启明", "许嘉宁"}
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        api = api_for(cast_member(part))
        path = f"/api/v1/reviews/{body['id']}"
        seen = api.get(f"{path}/").json()
        declared = api.post(
            f"{path}/conflict/", {"has_conflict": False, "expected_version": seen["version"]}, format="json"
        )
        assert declared.status_code == 201, declared.content
        decision = {"verb": "approve", "opinion": OPINION, "seen": True}
        decided = api.post(
            f"{path}/decisions/", decision, format="json", headers={"If-Match": declared.headers["ETag"]}
        )
        assert decided.status_code == 201, decided.content
    body = decided.json()
    assert body["status"] == "approved" and body["waiting_for"] == [] and body["due_at"] is None
    assert [row["person_name"] for row in body["decisions"]] == ["周启明", "沈若岚", "韩致远"]
    assert {row["dossier_sha256"] for row in body["decisions"]} == {body["dossier_sha256"]}
    again = api.post(f"{path}/decisions/", {**decision, "expected_version": body["version"]}, format="json")
    assert again.status_code == 409 and again.headers["Content-Type"] == "application/problem+json"


def test_whose_opinions_were_read_is_recorded_however_they_were_read():
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    reader = cast_member("auditor")
    [seen] = api_for(reader).get(f"/api/v1/reviews/{case.pk}/").json()["decisions"]
    [line] = api_for(reader).get("/api/v1/reviews/").json()["results"][0]["decisions"]
    assert set(seen) - set(line) == {"opinion"}
    browser_for(reader).get(reverse("admin:risk_reviewcase_history", args=[case.pk]))
    read = AuditEvent.objects.filter(action__startswith="review.dossier", person_id=reader.pk).order_by("pk")
    assert [(event.action, event.subject_id, event.data) for event in read] == [
        ("review.dossier_read", str(case.pk), {"round": 1}),
        ("review.dossier_read", str(case.pk), {"round": 1}),
    ]


def test_each_refusal_has_its_status(owner, initial_reviewer, stranger, head):
    case = submit(make_project())
    path = f"/api/v1/reviews/{case.pk}/decisions/"
    good = {"verb": "approve", "opinion": OPINION, "seen": True, "expected_version": case.version}
    post = lambda person, **changes: api_for(person).post(path, {**good, **changes}, format="json")  # noqa: E731
    assert post(stranger).status_code == 404
    assert post(head).status_code == 403
    assert post(initial_reviewer).status_code == 422
    declare(case, initial_reviewer)
    assert post(initial_reviewer, expected_version=case.version + 1).status_code == 412
    assert post(initial_reviewer, expected_version=None).status_code == 400
    assert (
        api_for(initial_reviewer)
        .post(path, {"verb": "approve", "opinion": OPINION, "seen": True}, format="json")
        .status_code
        == 428
    )
    assert post(initial_reviewer, opinion="好").status_code == 422
    for wrong in (
        {"verb": "bless"},
        {"round": 2},
        {"seen": False},
        {"conditions": "x"},
        {"opinion": ["x"]},
        {"opinion": "同意" * 9 + "\x00"},
    ):
        answer = post(initial_reviewer, **wrong)
        assert answer.status_code == 400 and next(iter(wrong)) in fields(answer), (wrong, answer.content)
    assert not Decision.objects.exists()


def test_the_api_asks_for_the_same_word_as_the_page_that_the_dossier_was_read(initial_reviewer):
    case = submit(make_project())
    declare(case, initial_reviewer)
    body = {"verb": "approve", "opinion": OPINION, "expected_version": case.version}
    for unread in ({}, {"seen": False}, {"seen": None}):
        answer = api_for(initial_reviewer).post(
            f"/api/v1/reviews/{case.pk}/decisions/", {**body, **unread}, format="json"
        )
        assert (answer.status_code, fields(answer)) == (400, {"seen"})
    assert not Decision.objects.exists()


def test_return_with_items_and_reject_with_a_reason(initial_reviewer):
    case = submit(make_project())
    declare(case, initial_reviewer)
    path = f"/api/v1/reviews/{case.pk}/decisions/"
    body = {
        "verb": "return",
        "opinion": OPINION,
        "seen": True,
        "expected_version": case.version,
        "target_stage": "initial",
    }
    answer = api_for(initial_reviewer).post(path, body, format="json")
    assert answer.status_code == 422 and fields(answer) == {"items", "reason_code"}
    answer = api_for(initial_reviewer).post(
        path, {**body, "reason_code": "documents_missing", "items": ["施工许可证"]}, format="json"
    )
    assert answer.status_code == 201 and answer.json()["decisions"][0]["items"] == ["施工许可证"]
    assert answer.json()["status"] == "returned"


def test_the_owner_withdraws(owner):
    case = submit(make_project())
    body = {"reason": "客户推迟", "expected_version": case.version}
    answer = api_for(owner).post(f"/api/v1/reviews/{case.pk}/withdraw/", body, format="json")
    assert answer.status_code == 201 and answer.json()["status"] == "withdrawn"


def test_a_submission_that_fails_its_gates_names_every_field(owner):
    project = make_project(make_client(cast_member("owner"), grade=""), assistant=None)
    answer = api_for(owner).post(
        f"/api/v1/projects/{project.pk}/submit/", {"expected_version": project.version}, format="json"
    )
    assert answer.status_code == 422 and fields(answer) == {"grade", "investigators"}


def test_the_list_filters_and_orders_and_refuses_what_it_does_not_know(owner, initial_reviewer, recheck_reviewer):
    first, second = submit(make_project()), submit(make_project())
    api = api_for(initial_reviewer)
    ids = lambda query: [row["id"] for row in api.get(f"/api/v1/reviews/?{query}").json()["results"]]  # noqa: E731
    assert set(ids("waiting=me")) == {first.pk, second.pk}
    assert ids(f"project={first.project_id}") == [first.pk]
    assert ids("ordering=-number") == [second.pk, first.pk]
    assert ids("stage=final") == [] and ids("status=open&ordering=due_on") != []
    for query in ("zzz=1", "ordering=zzz", "waiting=you", "project=999999", "status=zzz"):
        assert api.get(f"/api/v1/reviews/?{query}").status_code == 400, query
    assert api_for(recheck_reviewer).get("/api/v1/reviews/").json()["results"] == []
    assert api_for(recheck_reviewer).get(f"/api/v1/reviews/?project={first.project_id}").status_code == 400


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_for_three_and_thirty(owner, count):
    for _number in range(count):
        submit(make_project())
    api = api_for(owner)
    with CaptureQueriesContext(connection) as found:
        answer = api.get("/api/v1/reviews/?page_size=100")
    assert len(answer.json()["results"]) == count == ReviewCase.objects.count()
    assert len(found) <= 6, [query["sql"][:80] for query in found.captured_queries]
