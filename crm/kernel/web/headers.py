"""What stands before the body, judged before Django builds a request: its length, and headers that name a codec.

A request line or headers far above what any client of ours sends are answered with 414 or 431 at no cost: no query, no
record.

Django reads the parameters of `Content-Type` while it builds the request, outside every middleware, and those of
`Accept` wherever an answer is chosen; an encoded parameter (RFC 2231, `charset*=zlib''x`) whose codec is unknown or no
text encoding makes either of them raise. Here such a request is answered with 400.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LONGEST_TARGET = 4096  # bytes of path and query
LONGEST_HEADERS = 16 * 1024  # bytes of all headers together
MOST_HEADERS = 100
JUDGED = ("CONTENT_TYPE", "HTTP_ACCEPT", "HTTP_CONTENT_DISPOSITION")


def refuse_broken_headers(application: Application) -> Application:
    """The WSGI application behind this judgement."""

    def judged(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if (refusal := _judge_length(environ) or _judge_codecs(environ)) is None:
            return application(environ, start_response)
        status, text = refusal
        start_response(status, [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
        return [text.encode()]

    return judged


def _judge_length(environ: dict[str, Any]) -> tuple[str, str] | None:
    """The status and the words for a request line or headers that are too long; None for those of a bounded length."""
    if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > LONGEST_TARGET:
        return "414 URI Too Long", f"The address is longer than {LONGEST_TARGET} bytes.\n"
    headers = [len(name) + len(str(value)) for name, value in environ.items() if name.startswith("HTTP_")]
    if len(headers) > MOST_HEADERS or sum(headers) + len(environ.get("CONTENT_TYPE", "")) > LONGEST_HEADERS:
        return "431 Request Header Fields Too Large", f"The headers are longer than {LONGEST_HEADERS} bytes.\n"
    return None


def _judge_codecs(environ: dict[str, Any]) -> tuple[str, str] | None:
    for name in JUDGED:
        if not _is_readable(environ.get(name, "")):
            shown = name.removeprefix("HTTP_").replace("_", "-").title()
            return "400 Bad Request", f"The header {shown} cannot be read.\n"
    return None


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
