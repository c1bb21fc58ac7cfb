"""What the API reads: JSON without the ambiguities that let two readers see two things, and of a bounded size.

The bytes are bounded before (`UploadLimitMiddleware`); here depth, keys, list items and text, before a field is judged.
"""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# Far above every body that the schema describes; each costs a few milliseconds at most.
MAX_DEPTH = 10
MAX_KEYS = 100
MAX_OBJECTS = 1_000
MAX_ITEMS = 200
MAX_TEXT = 20_000


class _Objects:
    """Builds the objects of one body and counts them while they are read."""

    def __init__(self) -> None:
        self.count = 0

    def build(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object whose keys appear once; a second value for a key is a mistake, not a correction."""
        self.count += 1
        if len(pairs) > MAX_KEYS or self.count > MAX_OBJECTS:
            raise ParseError(_("This JSON has too many fields."))
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise ParseError({key[:100]: [_("This key appears twice.")]})
            found[key] = value
        return found


def check_size(body: Any) -> None:
    """Refuse (ParseError, naming the place) a body that is too deep or holds a list or a text that is too long."""
    waiting: list[tuple[str, int, Any]] = [("", 1, body)]
    while waiting:
        place, depth, value = waiting.pop()
        if isinstance(value, str) and len(value) > MAX_TEXT:
            limits = {"limit": MAX_TEXT, "length": len(value)}
            raise ParseError({place: [_("At most %(limit)d characters; this text has %(length)d.") % limits]})
        if not isinstance(value, dict | list):
            continue
        if depth > MAX_DEPTH:
            raise ParseError(_("This JSON is nested too deeply."))
        if isinstance(value, list) and len(value) > MAX_ITEMS:
            limits = {"limit": MAX_ITEMS, "length": len(value)}
            raise ParseError({place: [_("At most %(limit)d entries; this list has %(length)d.") % limits]})
        named = value.items() if isinstance(value, dict) else enumerate(value)
        waiting += [(f"{place}.{str(key)[:60]}".lstrip("."), depth + 1, item) for key, item in named]


def _no_constant(name: str) -> Any:
    raise ParseError(_("NaN and Infinity are not valid JSON numbers."))


def _finite(digits: str) -> float:
    """A fraction as it is read; one beyond every float would be read as infinity."""
    number = float(digits)
    if math.isinf(number):
        raise ParseError(_("NaN and Infinity are not valid JSON numbers."))
    return number


class StrictJSONParser(JSONParser):
    """JSON with each key once and finite numbers, within the limits above; else ParseError, never a 500."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        encoding = (parser_context or {}).get("encoding", "utf-8")
        try:
            text = stream.read().decode(encoding)
            build = _Objects().build
            body = json.loads(text, object_pairs_hook=build, parse_constant=_no_constant, parse_float=_finite)
            check_size(body)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("This is not valid JSON: %(error)s") % {"error": error}) from None
        return body
