"""What people type into cells, as values. Pure functions: ValueError with a code where a text cannot be read."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# Day 0 of a spreadsheet's serials (its year 1900 has a 29 February); serials of 1954 to 2099.
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 73_051)


def read_day(text: str) -> date:
    """`2026-01-05`, `2026/1/5`, `2026年1月5日`, `20260105`, or a spreadsheet's serial; full-width digits too."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = plain.split("T")[0].split(" ")[0]
    if found := _DAY.fullmatch(plain):
        return date(*(int(part) for part in found.groups()))
    if re.fullmatch(r"\d{8}", plain):
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if re.fullmatch(r"\d{5}", plain) and int(plain) in _SERIALS:
        return _EPOCH + timedelta(days=int(plain))
    raise ValueError("day")


def read_choice(text: str, words: Mapping[str, str]) -> str:
    """The code whose word (or which itself) `text` is; `words`: word → code."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    for word, code in words.items():
        if plain in (word.casefold(), code.casefold()):
            return code
    raise ValueError("choice")
