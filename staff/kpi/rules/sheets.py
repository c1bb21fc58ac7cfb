"""One person's sheet for one quarter: from the rows behind each measure to points, as a document with canonical bytes.

The same facts, definitions and scheme give the same bytes, today and in ten years: no clock, no name, no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from staff.kpi.rules.scoring import CENT, Scoring, points

SHAPE = 1
# Why a measure has no value: nothing of the kind fell into the quarter, or nobody keeps the facts yet.
MEASURED, NOTHING, NO_SOURCE = "measured", "nothing", "no_source"
# How a value is read from its rows: the sum of their parts, how many there are, parts over wholes, or how many there
# are to ten occasions on which one could have happened.
SUM, COUNT, SHARE, PER_TEN = "sum", "count", "share", "per_ten"
TEN = Decimal(10)

# One source row: key, what counts of it, of how much.
Row = tuple[int, Decimal, Decimal]


@dataclass(frozen=True)
class Item:
    """One measure of a scheme: which definition, in which dimension, scored how."""

    measure: str
    definition: int
    reading: str
    dimension: str
    scoring: Scoring


@dataclass(frozen=True)
class Sheet:
    """What a sheet comes to: points, the weight that could be measured, the whole document."""

    points: Decimal
    measured: Decimal
    document: dict[str, Any]


def value_of(reading: str, rows: Sequence[Row], occasions: int | None = None) -> Decimal | None:
    """The measured value; None for a share of nothing, and where there was no occasion: unknown is no zero.

    `occasions`: of a PER_TEN measure, on how many occasions one of its rows could have happened.
    """
    if reading == COUNT:
        return Decimal(len(rows))
    if reading == PER_TEN:
        with localcontext(prec=28):
            return Decimal(len(rows)) * TEN / Decimal(occasions) if occasions else None
    part = sum((row[1] for row in rows), Decimal(0))
    if reading == SUM:
        return part
    whole = sum((row[2] for row in rows), Decimal(0))
    with localcontext(prec=28):
        return part / whole if whole else None


def line_of(item: Item, rows: Sequence[Row] | None, occasions: int | None = None) -> dict[str, Any]:
    """One line of the document; `rows` None where the source does not exist (yet). Occasions: see `value_of`."""
    ordered = sorted(rows or ())
    value = None if rows is None else value_of(item.reading, ordered, occasions)
    state = NO_SOURCE if rows is None else NOTHING if value is None else MEASURED
    return {
        "measure": item.measure,
        "definition": item.definition,
        "reading": item.reading,
        "dimension": item.dimension,
        "scoring": _plain_scoring(item.scoring),
        "state": state,
        "value": None if value is None else text_of(value),
        "points": None if value is None else text_of(points(item.scoring, value)),
        "rows": [[key, text_of(part), text_of(whole)] for key, part, whole in ordered],
        # Only where the reading asks for them: sheets closed before there were such measures keep their bytes.
        **({"occasions": occasions or 0} if item.reading == PER_TEN else {}),
    }


def sheet_of(
    *,
    period: str,
    person: int,
    scheme: Mapping[str, Any] | None,
    items: Sequence[Item],
    facts: Mapping[str, Sequence[Row] | None],
    corrections: Sequence[tuple[int, Decimal]],
    parameters: Sequence[Mapping[str, Any]],
    occasions: Mapping[str, int] | None = None,
) -> Sheet:
    """The sheet of one person. `facts`: measure → rows, None for a source that is not there; a measure that is absent
    has no row. `occasions`: measure → on how many occasions. `corrections`: (number of the entry, points) of earlier
    quarters that appear in this one.
    """
    counted = occasions or {}
    lines = [line_of(item, facts.get(item.measure, ()), counted.get(item.measure)) for item in items]
    entries = sorted(corrections)
    total = sum((Decimal(line["points"]) for line in lines if line["points"] is not None), Decimal(0))
    total += sum((entry[1] for entry in entries), Decimal(0))
    measured = sum(
        (item.scoring.weight for item, line in zip(items, lines, strict=True) if line["state"] == MEASURED), Decimal(0)
    )
    document = {
        "shape": SHAPE,
        "period": period,
        "person": person,
        "scheme": dict(scheme) if scheme else None,
        "parameters": [dict(stamp) for stamp in parameters],
        "lines": lines,
        "corrections": [[number, text_of(delta)] for number, delta in entries],
        "points": text_of(total.quantize(CENT)),
        "measured": text_of(measured.quantize(CENT)),
    }
    return Sheet(total.quantize(CENT), measured.quantize(CENT), document)


def inputs_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """What went in: the document without what was computed from it."""
    computed = ("value", "points", "state")
    lines = [{name: item for name, item in line.items() if name not in computed} for line in document["lines"]]
    kept = {name: item for name, item in document.items() if name not in ("lines", "points", "measured")}
    return {**kept, "lines": lines}


def rows_in(line: Mapping[str, Any]) -> list[Row]:
    """The source rows of a stored line."""
    return [(int(key), Decimal(part), Decimal(whole)) for key, part, whole in line["rows"]]


def text_of(number: Decimal) -> str:
    """A Decimal as the one text it has here: no exponent, no trailing zeros, at most eighteen places."""
    if number != number.to_integral_value():
        number = number.quantize(Decimal(1).scaleb(-18)) if number.as_tuple().exponent < -18 else number  # type: ignore[operator]
        return format(number, "f").rstrip("0")
    return format(number.to_integral_value() + 0, "f")


def _plain_scoring(scoring: Scoring) -> dict[str, Any]:
    names = ("weight", "target", "cap", "full_at", "zero_at", "step")
    figures = {name: text_of(getattr(scoring, name)) for name in names if getattr(scoring, name) is not None}
    return {"method": scoring.method, **figures}


def scoring_in(line: Mapping[str, Any]) -> Scoring:
    """The scoring of a stored line."""
    given = dict(line["scoring"])
    method = given.pop("method")
    return Scoring(method, **{name: Decimal(text) for name, text in given.items()})
