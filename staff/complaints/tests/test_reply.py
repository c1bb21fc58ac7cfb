"""A reply has every part that the rules ask for, and the paragraph on rights that nobody writes."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from crm.kernel.access.errors import BadInput, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for
from staff.complaints import services
from staff.complaints.models import Complaint, Kind
from staff.complaints.tests.factories import DRAFT, FACTS, act, anew, assigned, drafted, replied

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"draft": "属实"}, "draft"),
        ({"outcome": "withdrawn"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"reasons": "依据合同约定办理，并无不当。"}, "reasons"),
        ({"reasons": "长" * 29}, "reasons"),
        ({"measures": ""}, "measures"),
        ({"measures_on": None}, "measures_on"),
        ({"measures_on": date(2020, 1, 1)}, "measures_on"),
    ],
)
def test_a_reply_without_one_of_its_parts_is_refused_by_its_field(
    colleague: Person, change: dict[str, Any], field: str
) -> None:
    complaint = assigned(colleague)
    with pytest.raises(BadInput) as refusal:
        act(services.complaint_draft, complaint, colleague, **{**DRAFT, **change})
    assert set(refusal.value.errors) == {field}
    assert anew(complaint).draft == ""


@pytest.mark.parametrize("part", ["reasons", "measures", "measures_on"])
def test_nothing_is_told_that_lacks_a_part_whoever_writes(colleague: Person, part: str) -> None:
    complaint = drafted(assigned(colleague))
    Complaint.objects.filter(pk=complaint.pk).update(**{part: None if part == "measures_on" else ""})
    with pytest.raises(RuleRefused) as refusal:
        act(services.complaint_reply, complaint, colleague, how="电话告知")
    assert refusal.value.code == "incomplete"
    row = anew(complaint)
    row.events.create(kind=Kind.REPLIED, at=row.received_at, person=colleague, part="handler")
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=row.pk).update(status="replied", replied_at=row.received_at)


def test_what_is_told_names_the_parts_and_the_rights(complaints_officer: Person, colleague: Person) -> None:
    complaint, code = services.complaint_file(facts=FACTS, address="203.0.113.7", token="form", by=SYSTEM)
    complaint = replied(act(services.complaint_assign, complaint, complaints_officer, person=colleague))
    told = complaint.events.get(kind=Kind.REPLIED).data["reply"]
    parts = [DRAFT[name] for name in ("draft", "reasons", "measures")]
    for words in (*parts, "2099年12月31日", "属实", "30日内", "核查", "调解", "仲裁", "诉讼", "12378"):
        assert words in told, words
    page = Browser().post("/public/complaints/status/", {"number": complaint.number, "code": code}).content.decode()
    assert DRAFT["reasons"] in page
    assert "12378" in page


def test_the_api_takes_the_parts(colleague: Person) -> None:
    complaint = assigned(colleague)
    url, match = f"/api/v1/complaints/{complaint.pk}/draft/", f'"{complaint.version}"'
    body = {**DRAFT, "measures_on": "2099-12-31", "outcome": "unverified"}
    short = api_for(colleague).post(url, {**body, "reasons": "短"}, format="json", HTTP_IF_MATCH=match)
    assert (short.status_code, short.json()["errors"][0]["field"]) == (400, "reasons")
    answer = api_for(colleague).post(url, body, format="json", HTTP_IF_MATCH=match)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in body} == body
