"""The least that could answer: an empty view, fifty rows and a count as HTML, the same as JSON. No scope, no frame."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html_join

from clients.file.models import Client
from crm.kernel.web.pagination import COUNT_CAP

FIELDS = ("id", "name", "credit_code", "owner__name", "industry__name")


def _rows() -> tuple[list[tuple[object, ...]], int]:
    rows = Client.objects.order_by("name", "-id")
    return list(rows.values_list(*FIELDS)[:50]), rows[: COUNT_CAP + 1].count()


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but the middleware."""
    return HttpResponse("ok")


def html_list(request: HttpRequest) -> HttpResponse:
    """Fifty rows and a count, for a logged-in account."""
    rows, count = _rows()
    body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
    return HttpResponse(f"<!doctype html><table>{body}</table><p>{count}</p>")


def json_list(request: HttpRequest) -> JsonResponse:
    """The same as JSON."""
    rows, count = _rows()
    return JsonResponse({"count": count, "results": rows})
