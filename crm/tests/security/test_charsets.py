"""A header that names a codec never breaks an answer: what is said of a query is ignored, a body that is not UTF-8 is
refused, by page, API, login and public pages alike."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

from crm.tests.assurance.routes import walk
from crm.tests.support.people import browser_for, cast_member
from crm.wsgi import application

pytestmark = pytest.mark.django_db

CODECS = (
    "zlib",
    "rot13",
    "base64",
    "hex",
    "idna",
    "punycode",
    "undefined",
    "bz2",
    "utf-7",
    "utf-16",
    "utf-8",
    "nonsense",
)
# They are read as UTF-8: said of UTF-8 itself, and of what no codec is called.
READ = ("utf-8", "nonsense")
FORM = "application/x-www-form-urlencoded"
QUERY = "q=%E9%97%BD%E6%B1%9F&page=1&next=%2Fclients%2F"
BODIES = {
    "/login/": (FORM, b"username=a&password=b"),
    "/public/complaints/": (FORM, "title=评估费&facts=未说明".encode()),
    "/public/complaints/status/": (FORM, b"receipt=TS-2026-0001&phone=13800000000"),
    "/clients/new/": (FORM, "name=闽江水务".encode()),
    "/api/v1/clients/": ("application/json", '{"name": "闽江水务"}'.encode()),
}


@pytest.fixture
def browser(db: None) -> Client:
    return browser_for(cast_member("owner"))


def addresses() -> list[str]:
    """Every address that takes no parameter."""
    return sorted({route.url() for route in walk() if not route.parameters and "redirect" not in route.name})


def test_every_page_reads_its_query_as_utf8_whatever_the_header_says(browser: Client) -> None:
    for address in addresses():
        asked = f"{address}?{QUERY}"
        plain = browser.get(asked)
        for codec in ("zlib", "undefined"):
            answer = browser.generic("GET", asked, content_type=f"text/plain; charset={codec}")
            assert answer.status_code == plain.status_code, (address, codec)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("address", BODIES)
def test_a_body_in_another_encoding_is_refused_and_a_query_is_read(address: str, codec: str, browser: Client) -> None:
    kind, body = BODIES[address]
    for person in (Client(), browser):
        assert person.generic("GET", f"{address}?{QUERY}", content_type=f"{kind}; charset={codec}").status_code < 500
        answer = person.generic("POST", address, body, content_type=f"{kind}; charset={codec}")
        assert (answer.status_code == 415) is (codec not in READ)
        assert answer.status_code < 500


@pytest.mark.parametrize("codec", [codec for codec in CODECS if codec not in READ])
def test_a_form_in_parts_is_refused_too(codec: str, browser: Client) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n--x--\r\n'
    answer = browser.generic(
        "POST", "/clients/new/", body, content_type=f"multipart/form-data; boundary=x; charset={codec}"
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("codec", CODECS)
def test_the_header_of_a_part_that_names_a_codec_breaks_nothing(codec: str, browser: Client) -> None:
    body = (
        f"--x\r\nContent-Disposition: form-data; name=\"name\"; filename*={codec}''%41\r\n"
        f"Content-Type: text/plain; charset={codec}\r\n\r\na\r\n--x--\r\n"
    ).encode()
    answer = browser.generic("POST", "/clients/new/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code < 500


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """The web server's entry closes the database connection around a request; the test's own must stay."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_kept_connection")
@pytest.mark.parametrize("name", ["CONTENT_TYPE", "HTTP_ACCEPT", "HTTP_CONTENT_DISPOSITION"])
@pytest.mark.parametrize("address", ["/login/", "/public/complaints/", "/api/v1/clients/"])
@pytest.mark.parametrize("codec", CODECS)
def test_an_encoded_parameter_is_read_or_refused(codec: str, address: str, name: str) -> None:
    environ = RequestFactory().get(address).environ | {name: f"text/html, a/b; charset*={codec}''%41"}
    answered: list[Any] = []
    list(application(environ, lambda status, headers, *rest: answered.append(status)))
    assert int(answered[0].split()[0]) < 500
