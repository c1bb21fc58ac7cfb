"""What the API reads: JSON without the ambiguities that let two readers see two things."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once; a second value for a key is a mistake, not a correction."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ParseError({key[:100]: [_("This key appears twice.")]})
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ParseError(_("NaN and Infinity are not valid JSON numbers."))


def _finite(digits: str) -> float:
    """A fraction as it is read; one beyond every float would be read as infinity."""
    number = float(digits)
    if math.isinf(number):
        raise ParseError(_("NaN and Infinity are not valid JSON numbers."))
    return number


class StrictJSONParser(JSONParser):
    """JSON with each key once and finite numbers, nested no deeper than Python reads; else ParseError, never a 500."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        encoding = (parser_context or {}).get("encoding", "utf-8")
        try:
            text = stream.read().decode(encoding)
            return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("This is not valid JSON: %(error)s") % {"error": error}) from None
