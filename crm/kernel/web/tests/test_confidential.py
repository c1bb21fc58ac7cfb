"""What a browser may keep of an answer, and how much of a request is read before it is judged."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.kernel.people.models import Person
from crm.kernel.web.headers import refuse_broken_headers
from crm.tests.support.people import api_for, browser_for


@pytest.mark.django_db
def test_no_browser_keeps_a_personal_answer(owner: Person) -> None:
    listed = reverse("api:client-list")
    for answer in (browser_for(owner).get("/clients/"), api_for(owner).get(listed), Browser().get(listed)):
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"PATH_INFO": "/", "QUERY_STRING": "q=" + "a" * 4093}, "200 OK"),
        ({"PATH_INFO": "/", "QUERY_STRING": "q=" + "a" * 4094}, "414 URI Too Long"),
        ({"PATH_INFO": "/" + "a" * 4096}, "414 URI Too Long"),
        ({f"HTTP_X_{number}": "" for number in range(100)}, "200 OK"),
        ({f"HTTP_X_{number}": "" for number in range(101)}, "431 Request Header Fields Too Large"),
        ({"HTTP_X": "a" * 17_000}, "431 Request Header Fields Too Large"),
    ],
)
def test_a_request_is_bounded_before_it_is_read(environ: dict[str, Any], status: str) -> None:
    told: list[str] = []

    def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    refuse_broken_headers(application)(environ, lambda word, _headers: told.append(word))
    assert told == [status]
