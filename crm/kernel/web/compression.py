"""Pages are sent compressed where no proxy does it, and only such as repeat nothing of the request (ADR 14)."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPagesMiddleware(GZipMiddleware):
    """Compresses HTML that answers a GET without a query. Stands first: nothing after it sees compressed bytes."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or response.streaming or request.method != "GET" or request.META.get("QUERY_STRING"):
            return response
        return super().process_response(request, response)
