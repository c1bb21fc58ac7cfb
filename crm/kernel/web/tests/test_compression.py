"""Pages travel compressed, unless they may repeat what somebody else made the browser ask."""

import gzip

import pytest
from django.urls import reverse

from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db
ASKS = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


def test_a_page_is_sent_in_a_third_of_its_bytes_to_whoever_reads_gzip(owner: Person) -> None:
    browser = browser_for(owner)
    page = browser.get(reverse("clients:client_list"), **ASKS)
    whole = gzip.decompress(page.content)
    assert page.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in page.headers["Vary"]
    assert "<html" in whole.decode() and len(page.content) * 3 < len(whole)
    plain = browser.get(reverse("clients:client_list"))
    assert "Content-Encoding" not in plain.headers and "<html" in plain.content.decode()


def test_an_answer_that_may_repeat_the_request_is_never_compressed(owner: Person) -> None:
    browser = browser_for(owner)
    searched = browser.get(f"{reverse('home:search')}?q=csrfmiddlewaretoken", **ASKS)
    posted = browser.post(reverse("clients:client_create"), {"name": "csrfmiddlewaretoken"}, **ASKS)
    interface = browser.get("/api/v1/clients/", **ASKS)
    for answer in (searched, posted, interface):
        assert answer.status_code in (200, 422)
        assert "Content-Encoding" not in answer.headers
