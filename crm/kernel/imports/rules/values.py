"""What people type into cells, as values. Pure functions: ValueError with a code where a text cannot be read."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# Day 0 of a spreadsheet's serials (its year 1900 has a 29 February); serials of 1954 to 2099.
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 73_051)
_AMOUNT = re.compile(r"([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\(?([十百千万亿]*)元?\)?")
_CURRENCY = re.compile(r"^(?:CNY|RMB|人民币)?[¥]?")
_UNIT = re.compile(r"[(\[/]\s*(?:人民币|单位[::])?\s*([十百千万亿]*)元?\s*[)\]]?\s*\*?$")
_FOREIGN = re.compile(r"美元|港[元币]|欧元|日元|英镑|USD|HKD|EUR|JPY|GBP|[$€£]")
_TIMES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}


def read_amount(text: str, header: str = "") -> Decimal:
    """Yuan: `1,234.50`, `￥1234.5`, `9,999(万)`, `1.2亿元`.

    A cell without a unit is in that of the header (`金额（万元）`).
    ValueError for other shapes, other currencies and fractions of a fen.
    """
    plain = _CURRENCY.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper())
    found = _AMOUNT.fullmatch(plain)
    if not found:
        raise ValueError("amount")
    sign, whole, decimals, unit = found.groups()
    times = _TIMES.get(unit or ("" if plain.endswith(("元", "元)")) else read_unit(header)))
    if times is None:
        raise ValueError("amount")
    amount = Decimal(f"{sign}{whole.replace(',', '')}{decimals or ''}") * times
    if amount != round(amount, 2):
        raise ValueError("amount")
    return round(amount, 2)


def read_unit(header: str) -> str:
    """The unit in the brackets at the end of a header, without its 元: 万 of `合同金额（万元）`.

    ValueError for a header that names another currency.
    """
    plain = unicodedata.normalize("NFKC", header)
    if _FOREIGN.search(plain):
        raise ValueError("currency")
    found = _UNIT.search(plain)
    return found.group(1) if found else ""


def without_unit(header: str) -> str:
    """A header without the unit and the mark of a required column behind it."""
    return _UNIT.sub("", unicodedata.normalize("NFKC", header)).rstrip("* ")


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
