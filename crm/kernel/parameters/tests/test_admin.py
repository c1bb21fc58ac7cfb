"""Parameters through the admin site: the same two people, the same service."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.kernel.audit.models import AuditEvent
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.parameters.selectors import value
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member

CODE = "client.reveals_per_day"
ADD = "admin:kernel_parameterversion_add"
CHANGE = "admin:kernel_parameterversion_change"

pytestmark = pytest.mark.django_db


def proposal(**changes: object) -> dict[str, object]:
    tomorrow = clock.today() + timedelta(days=1)
    parameter = Parameter.objects.get(code=CODE)
    return {"parameter": parameter.pk, "value": "7", "effective_from": tomorrow, "source": "[D] test"} | changes


def test_one_proposes_and_a_second_approves() -> None:
    first, second = browser_for(cast_member("system_admin")), browser_for(cast_member("second_system_admin"))
    assert first.post(reverse(ADD), proposal()).status_code == 302
    draft = ParameterVersion.objects.get(status="draft")
    assert draft.proposed_by == cast_member("system_admin")
    page = reverse(CHANGE, args=[draft.pk])
    first.post(page, {"verdict": "approve"})
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert second.get(page).status_code == 200
    assert second.post(page, {"verdict": "approve"}).status_code == 302
    assert value(CODE, on=clock.today() + timedelta(days=1)).value == 7
    assert second.post(page, {"verdict": "withdraw", "reason": "late"}).status_code == 403


def test_a_wrong_value_comes_back_with_its_reason_and_the_text_typed() -> None:
    matrix = Parameter.objects.get(code="authority.matrix")
    wrong = value("authority.matrix").value | {"without_grade": "D"}
    typed = proposal(parameter=matrix.pk, value=json.dumps(wrong))
    answer = browser_for(cast_member("system_admin")).post(reverse(ADD), typed)
    assert answer.status_code == 200
    assert "without_grade" in answer.content.decode()
    assert not ParameterVersion.objects.filter(status="draft").exists()


def test_a_refused_proposal_keeps_what_was_typed_and_leaves_its_trace(django_capture_on_commit_callbacks) -> None:
    browser = browser_for(cast_member("system_admin"))
    yesterday = clock.today() - timedelta(days=1)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse(ADD), proposal(effective_from=yesterday, source="[D] typed at length"))
    assert answer.status_code == 422
    assert "[D] typed at length" in answer.content.decode()
    assert "effective_from" in answer.context["adminform"].form.errors
    assert browser.post(reverse(ADD), proposal()).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(reverse(ADD), proposal()).status_code == 409, "another proposal waits"
    refused = AuditEvent.objects.filter(action="request.refused").order_by("pk")
    assert [event.data["status"] for event in refused] == [422, 409]


def test_a_refused_decision_keeps_the_page_and_leaves_its_trace(django_capture_on_commit_callbacks) -> None:
    browser_for(cast_member("system_admin")).post(reverse(ADD), proposal())
    draft = ParameterVersion.objects.get(status="draft")
    page = reverse(CHANGE, args=[draft.pk])
    second = browser_for(cast_member("second_system_admin"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = second.post(page, {"verdict": "withdraw", "reason": ""})
    assert (answer.status_code, AuditEvent.objects.filter(action="request.refused").count()) == (400, 1)
    assert "reason" in answer.context["adminform"].form.errors
    assert second.post(page, {"verdict": "withdraw", "reason": "late"}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_the_form_starts_from_the_value_in_force() -> None:
    matrix = Parameter.objects.get(code="authority.matrix")
    page = browser_for(cast_member("system_admin")).get(reverse(ADD), {"parameter": matrix.pk})
    assert "30000000.00" in page.content.decode()


@pytest.mark.parametrize("part", ["owner", "auditor", "final_approver"])
def test_others_read_and_change_nothing(part: str) -> None:
    browser = browser_for(cast_member(part))
    for model in ("parameter", "parameterversion", "calendarday"):
        assert browser.get(reverse(f"admin:kernel_{model}_changelist")).status_code == 200
    assert browser.get(reverse(CHANGE, args=[ParameterVersion.objects.first().pk])).status_code == 200
    assert browser.post(reverse(ADD), proposal()).status_code == 403
    assert not ParameterVersion.objects.filter(status="draft").exists()


def test_the_list_shows_each_parameter_with_its_value(db: None) -> None:
    page = browser_for(cast_member("auditor")).get("/admin/kernel/parameter/?q=review.opinion_min_length")
    row = page.content.decode().partition('class="field-value_in_force"')[2]
    assert row.startswith(f">{value('review.opinion_min_length').value}<")
