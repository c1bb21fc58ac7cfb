"""Trust row 42: nobody can make the system work for what is refused anyway, and strangers cannot fill the trail."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.test import RequestFactory

from crm.kernel.audit.models import AuditEvent, RefusalCount
from crm.kernel.audit.services import WRITTEN_AN_HOUR, fold_refusals
from crm.kernel.workdays import clock
from crm.tests.assurance import cost_limits
from crm.tests.assurance.world import World
from crm.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", cost_limits.CASES)
def test_a_dear_request_is_answered_at_a_bounded_cost(world: World, name: str) -> None:
    problems, _seconds = cost_limits.judge(world, name)
    assert problems == []


def test_of_many_mistakes_the_first_are_named_and_the_others_counted(world: World) -> None:
    body = dict.fromkeys((f"field{number}" for number in range(60)), 1)
    browser = world.browsers["owner"]
    errors = browser.post("/api/v1/clients/", body, content_type="application/json", HTTP_ACCEPT_LANGUAGE="en").json()
    reasons = [error["reason"] for error in errors["errors"]]
    assert len(reasons) == 21
    assert reasons[-1] == "and 40 more"


def test_a_person_named_twice_in_a_list_is_refused_by_name(world: World) -> None:
    named = [world.people["colleague"].pk] * 2
    answer = world.browsers["complaints_officer"].post(
        "/api/v1/complaints/", {**cost_limits.COMPLAINT, "subjects": named}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "subjects")


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({"PATH_INFO": "/" + "a" * 60_000, "CONTENT_LENGTH": "99999999"}, 414),
        ({"QUERY_STRING": "q=" + "a" * 5_000}, 414),
        ({"HTTP_X_LONG": "a" * 20_000}, 431),
        ({f"HTTP_X_{number}": "a" for number in range(150)}, 431),
    ],
    ids=["path", "query", "header", "headers"],
)
def test_a_long_request_line_or_header_is_refused_without_a_query_or_a_record(
    extra: dict[str, str], status: int, django_assert_num_queries: Any
) -> None:
    answered: list[str] = []
    with django_assert_num_queries(0):
        environ = {**RequestFactory().get("/login/").environ, **extra}
        list(application(environ, lambda line, headers, *rest: answered.append(line)))
    assert int(answered[0].split()[0]) == status


def test_refusals_of_strangers_are_counted_and_the_first_of_an_hour_written() -> None:
    now = clock.now().replace(minute=10)
    with clock.at(now):
        for _turn in range(WRITTEN_AN_HOUR + 15):
            assert Browser().post("/login/", b"x", content_type="text/plain; charset=utf-16").status_code == 415
    written = AuditEvent.objects.filter(action="request.refused", reason="unsupported_charset")
    assert written.count() == WRITTEN_AN_HOUR
    assert RefusalCount.objects.get().refused == WRITTEN_AN_HOUR + 15
    with clock.at(now):
        assert fold_refusals() == 0
    with clock.at(now + timedelta(hours=1)):
        assert (fold_refusals(), fold_refusals()) == (1, 0)
    told = AuditEvent.objects.get(action="request.refusals_counted")
    assert (told.reason, told.data["refused"], told.data["door"]) == ("unsupported_charset", 35, "page")
    assert not RefusalCount.objects.exists()
