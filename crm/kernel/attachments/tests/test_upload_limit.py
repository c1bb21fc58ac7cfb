"""A body that is too long is refused before it is read."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from crm.kernel.attachments.middleware import UploadLimitMiddleware


class Unread:
    """A body that must not be touched."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def ask(
    path: str, length: str | None, content_type: str = "multipart/form-data; boundary=x", **extra: Any
) -> HttpResponse:
    request = RequestFactory().generic("POST", path, b"x", content_type=content_type, **extra)
    request.META.pop("CONTENT_LENGTH", None)
    if length is not None:
        request.META["CONTENT_LENGTH"] = length
    request._stream = Unread()  # type: ignore[attr-defined]
    request.person = None  # type: ignore[attr-defined]

    def reached(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("reached", status=299)

    return UploadLimitMiddleware(reached)(request)


FIVE_GIGABYTES = str(5 * 1024**3)


@pytest.mark.django_db
def test_five_gigabytes_are_refused_by_their_length_before_a_byte_is_read() -> None:
    answer = ask("/api/v1/projects/1/documents/", FIVE_GIGABYTES)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert b'"field": "file"' in answer.content
    assert ask("/projects/1/", FIVE_GIGABYTES).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("length", "content_type", "status"),
    [
        ("52428800", "multipart/form-data; boundary=x", 299),
        ("53477377", "multipart/form-data; boundary=x", 413),
        ("3000000", "application/json", 413),
        ("1000", "application/json", 299),
        ("-1", "application/json", 400),
        ("١٢", "application/json", 400),
        (None, "application/json", 299),
    ],
)
def test_the_declared_length_decides(length: str | None, content_type: str, status: int) -> None:
    assert ask("/api/v1/clients/", length, content_type).status_code == status


@pytest.mark.django_db
def test_a_body_without_a_length_is_told_so() -> None:
    assert ask("/api/v1/clients/", None, HTTP_TRANSFER_ENCODING="chunked").status_code == 411
