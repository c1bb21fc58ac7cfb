"""Regions of GB/T 2260 as rows, out of the table that python-stdnum carries; historical codes stay valid (10.4)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from stdnum import numdb

# A span of years before a name: `[1983-1994]东矿区`; an open end means the code is in use.
_SPAN = re.compile(r"\[(?P<start>\d*)-(?P<end>\d*)\](?P<name>.*)")
# Beside the provinces: registrations with the state itself, and the code on permits of residents from Taiwan.
EXTRA = (("100000", "国家"), ("830000", "台湾省（居住证）"))
# The source writes these two in traditional characters.
NAMES = {"810000": "香港特别行政区", "820000": "澳门特别行政区"}


@dataclass(frozen=True)
class RegionRow:
    """One code: its latest name, the code above it ("" for a province) and the year it went out of use, if it did."""

    code: str
    name: str
    parent: str
    ended: int | None = None


@lru_cache(maxsize=1)
def region_rows() -> tuple[RegionRow, ...]:
    """Every code, provinces before cities before counties, so that a parent always comes first."""
    names: dict[str, tuple[str, int | None]] = {code: (name, None) for code, name in EXTRA}
    for _length, province, _end, properties, children in numdb.get("cn/loc").prefixes:
        names[f"{province}0000"] = (properties["province"], None)
        for _child_length, rest, _child_end, child, _none in children:
            if rest != "0000":
                names[f"{province}{rest}"] = latest_name(child["county"])
    rows = [
        RegionRow(code, NAMES.get(code, name), _parent(code, names), ended) for code, (name, ended) in names.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.code.endswith("0000"), not row.code.endswith("00"), row.code)))


def latest_name(entry: str) -> tuple[str, int | None]:
    """`[1983-1994]东矿区,[1995-]古冶区` as (古冶区, None); a code out of use gives its last name and year."""
    name, ended = "", 0
    for part in entry.split(","):
        span = _SPAN.fullmatch(part)
        if span is None or not span["end"]:
            return (span["name"] if span else part), None
        if int(span["end"]) >= ended:
            name, ended = span["name"], int(span["end"])
    return name, ended


def _parent(code: str, names: dict[str, tuple[str, int | None]]) -> str:
    if code.endswith("0000"):
        return ""
    city = f"{code[:4]}00"
    return city if city != code and city in names else f"{code[:2]}0000"
