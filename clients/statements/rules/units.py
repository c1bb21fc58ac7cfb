"""Amounts as a statement prints them, and the unit it is printed in (rules-2 2.1, 2.8)."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

UNITS: dict[str, Decimal] = {
    "yuan": Decimal(1),
    "thousand": Decimal(1_000),
    "wan": Decimal(10_000),
    "million": Decimal(1_000_000),
    "yi": Decimal(100_000_000),
}
_WORDS = {"元": "yuan", "千元": "thousand", "万元": "wan", "百万元": "million", "亿元": "yi"}
_UNIT = re.compile(r"单位[:：]?\s*(?:人民币)?\s*(百万元|千元|万元|亿元|元)")
_GUESSED = ("yuan", "thousand", "wan")
_NEAREST = Decimal("0.5")
CENT = Decimal("0.01")
MOST = Decimal(10) ** 16
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?")
_NOTHING = frozenset({"", "-", "--", "—", "——", "―", "/", "－", "不适用"})


def guess_unit(
    texts: Iterable[str], assets: Decimal | None = None, *references: Decimal | None
) -> tuple[str, str] | tuple[None, str]:
    """The unit and what it was read from: `text`, `size`, or `ask` with no unit at all.

    `texts`: the sheet's title and first rows. `assets`: total assets as printed; `references`: the last confirmed
    total, then others of the same size, in yuan.
    """
    for text in texts:
        if found := _UNIT.search(unicodedata.normalize("NFKC", text).replace(" ", "")):
            return _WORDS[found.group(1)], "text"
    for reference in references:
        if assets is None or assets <= 0 or reference is None or reference <= 0:
            continue
        distances = {unit: abs((assets * UNITS[unit] / reference).log10()) for unit in _GUESSED}
        nearest = min(_GUESSED, key=distances.__getitem__)
        if distances[nearest] <= _NEAREST:
            return nearest, "size"
    return None, "ask"


def read_figure(text: str) -> Decimal | None:
    """A printed figure: `1,234.50`, `(12.3)`, `−5`, full-width too; None for an empty cell. ValueError for any other
    text.
    """
    plain = re.sub(r"[\s¥￥]", "", unicodedata.normalize("NFKC", text)).replace("−", "-").replace("‐", "-")
    if plain in _NOTHING:
        return None
    negative = plain.startswith("-")
    if plain.startswith("(") and plain.endswith(")"):
        plain, negative = plain[1:-1], True
    plain = plain[1:] if plain[:1] in ("+", "-") else plain
    if not plain or plain == "." or not _NUMBER.fullmatch(plain):
        raise ValueError("figure")
    try:
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise ValueError("figure") from None
    return -number if negative else number


def count_decimals(figure: Decimal) -> int:
    """How many decimal places a figure is printed with."""
    exponent = figure.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def to_yuan(figure: Decimal, unit: str) -> Decimal:
    """A printed figure in yuan with two decimals; ValueError for a fraction of a fen or more than can be kept."""
    amount = figure * UNITS[unit]
    if amount != round(amount, 2) or abs(amount) >= MOST:
        raise ValueError("figure")
    return round(amount, 2)


def to_unit(amount: Decimal, unit: str, decimals: int = 2) -> Decimal:
    """An amount in yuan as its source prints it, exact: with more decimals where it has them."""
    figure = amount / UNITS[unit]
    printed = round(figure, decimals)
    return printed if printed == figure else figure.normalize()


def smallest_place(unit: str, decimals: int) -> Decimal:
    """The smallest decimal place of a source, in yuan (ulp), never below a fen."""
    return max(CENT, UNITS[unit].scaleb(-decimals))
