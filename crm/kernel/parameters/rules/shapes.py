"""Small checks out of which the validator of each parameter is put together. Pure; problems are data, not sentences."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from crm.kernel.text.telephones import is_placeholder, normal_telephone

Code = Literal[
    "whole_number",
    "range",
    "decimal_text",
    "text",
    "clock_time",
    "boolean",
    "list",
    "object",
    "empty",
    "missing_key",
    "unknown_key",
    "unknown_choice",
    "repeated",
    "not_ascending",
    "not_descending",
    "sum",
    "level_missing",
    "last_without_limit",
    "above_last",
    "placeholder",
    "telephone",
]


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: `path` like `levels[1].limits.AA`, `figures` for the sentence."""

    path: str
    code: Code
    figures: dict[str, Any] = field(default_factory=dict)


Check = Callable[[Any, str], list[Problem]]
HIGHEST_AMOUNT = "10000000000000000"


def whole(low: int, high: int) -> Check:
    """A whole number from `low` to `high`; True is no number here."""

    def check(value: Any, path: str) -> list[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            return [Problem(path, "whole_number")]
        return [] if low <= value <= high else [Problem(path, "range", {"low": low, "high": high})]

    return check


def decimal_text(low: str, high: str) -> Check:
    """A decimal written as text ("0.5"): a JSON number would become a float."""

    def check(value: Any, path: str) -> list[Problem]:
        try:
            number = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            return [Problem(path, "decimal_text")]
        if not Decimal(low) <= number <= Decimal(high):
            return [Problem(path, "range", {"low": low, "high": high})]
        return []

    return check


def optional(check: Check) -> Check:
    """The same, or null."""
    return lambda value, path: [] if value is None else check(value, path)


def words(limit: int = 120) -> Check:
    """Text of one to `limit` characters that is not only blanks."""

    def check(value: Any, path: str) -> list[Problem]:
        fits = isinstance(value, str) and value.strip() and len(value) <= limit
        return [] if fits else [Problem(path, "text", {"high": limit})]

    return check


def real_words(limit: int = 120) -> Check:
    """The same for what strangers rely on: no word that only stands where something real should."""

    def check(value: Any, path: str) -> list[Problem]:
        found = words(limit)(value, path)
        return found or ([Problem(path, "placeholder")] if is_placeholder(value) else [])

    return check


def telephone(value: Any, path: str) -> list[Problem]:
    """A telephone number that people can call."""
    if problems := real_words(40)(value, path):
        return problems
    try:
        normal_telephone(value)
    except ValueError:
        return [Problem(path, "telephone")]
    return []


def flag(value: Any, path: str) -> list[Problem]:
    """True or false."""
    return [] if isinstance(value, bool) else [Problem(path, "boolean")]


def one_of(choices: Iterable[Any]) -> Check:
    """One of `choices`."""
    known = list(choices)
    return lambda value, path: [] if value in known else [Problem(path, "unknown_choice", {"choices": known})]


half_hour = one_of([f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)])


def mapping(fields: dict[str, Check], *, may_miss: Iterable[str] = ()) -> Check:
    """An object with exactly these keys."""
    skippable = frozenset(may_miss)

    def check(value: Any, path: str) -> list[Problem]:
        if not isinstance(value, dict):
            return [Problem(path, "object")]
        found = [Problem(_join(path, key), "unknown_key") for key in value if key not in fields]
        for key, inner in fields.items():
            if key in value:
                found += inner(value[key], _join(path, key))
            elif key not in skippable:
                found.append(Problem(_join(path, key), "missing_key"))
        return found

    return check


def clock_time(value: Any, path: str) -> list[Problem]:
    """A time of the day, `09:00`."""
    fits = isinstance(value, str) and re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", value, re.ASCII)
    return [] if fits else [Problem(path, "clock_time")]


def listing(item: Check, *, unique: str | None = None, most: int = 500, least: int = 1) -> Check:
    """A list of `least` to `most` items; `unique` names the key of its objects (or "" for the item) that must not
    repeat."""

    def check(value: Any, path: str) -> list[Problem]:
        if not isinstance(value, list):
            return [Problem(path, "list")]
        if not least <= len(value) <= most:
            return [Problem(path, "empty" if not value else "range", {"low": least, "high": most})]
        found = [problem for index, row in enumerate(value) for problem in item(row, f"{path}[{index}]")]
        if unique is not None and not found:
            keys = [row[unique] if unique else row for row in value]
            found += [Problem(f"{path}[{index}]", "repeated") for index, key in enumerate(keys) if key in keys[:index]]
        return found

    return check


def choice_list(**extra: Check) -> Check:
    """A list of `{code, zh, en, ...}`: what a choice field offers."""
    return listing(mapping({"code": words(40), "zh": words(), "en": words()} | extra), unique="code")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
