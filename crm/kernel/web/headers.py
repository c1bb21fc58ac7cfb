"""Headers that name a codec, judged before Django builds a request from them.

Django reads the parameters of `Content-Type` while it builds the request, outside every middleware, and those of
`Accept` wherever an answer is chosen; an encoded parameter (RFC 2231, `charset*=zlib''x`) whose codec is unknown or no
text encoding makes either of them raise. Here such a request is answered with 400.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
JUDGED = ("CONTENT_TYPE", "HTTP_ACCEPT", "HTTP_CONTENT_DISPOSITION")


def refuse_broken_headers(application: Application) -> Application:
    """The WSGI application behind this judgement."""

    def judged(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        for name in JUDGED:
            if not _is_readable(environ.get(name, "")):
                start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
                return [f"The header {name.removeprefix('HTTP_').replace('_', '-').title()} cannot be read.\n".encode()]
        return application(environ, start_response)

    return judged


def _is_readable(header: str) -> bool:
    """Whether every member of a header can be parsed; only encoded parameters cannot."""
    if "*" not in header:
        return True
    try:
        for member in (header, *header.split(",")):
            parse_header_parameters(member)
    except (ValueError, LookupError):
        return False
    return True
