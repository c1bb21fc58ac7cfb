"""The sheet in words and figures: what was counted, the formula with its figures, the rule with its version."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.text.numbers import MISSING, figure, money_wan, percent
from staff.kpi.models import Dimension, KpiResult
from staff.kpi.rules.scoring import CENT, Scoring
from staff.kpi.rules.sheets import MEASURED, NO_SOURCE, PER_TEN, rows_in, scoring_in
from staff.kpi.selectors.measures import MEASURES, Measure


@dataclass(frozen=True)
class Line:
    """One line of the sheet as the page shows it. `lost`: points missing to the weight, None when unknown."""

    code: str
    name: Any
    dimension: str
    actual: str
    scored: str
    weight: Decimal
    points: Decimal | None
    lost: Decimal | None
    why: Any
    rows: list[Any]
    scoring: Scoring
    value: Decimal | None
    definition: int

    @property
    def known_rows(self) -> list[Any]:
        """The rows whose keys are of the records that the measure counts today: an older definition's were others."""
        return self.rows if self.definition == self.measure.definition else []

    @property
    def measure(self) -> Measure:
        return MEASURES[self.code]


@dataclass(frozen=True)
class Group:
    """The lines of one dimension with their sums; `points` None when none could be measured."""

    name: Any
    weight: Decimal
    points: Decimal | None
    lines: list[Line]


def opened(result: KpiResult) -> dict[str, Any]:
    """The sheet behind a result."""
    return dict(json.loads(result.document))


def lines_of(document: dict[str, Any]) -> list[Line]:
    """The sheet's lines in its order."""
    return [_line(stored) for stored in document["lines"]]


def _line(stored: dict[str, Any]) -> Line:
    scoring, rows = scoring_in(stored), rows_in(stored)
    value = Decimal(stored["value"]) if stored["value"] is not None else None
    points = Decimal(stored["points"]) if stored["points"] is not None else None
    measure = MEASURES[stored["measure"]]
    return Line(
        code=stored["measure"],
        name=measure.name,
        dimension=stored["dimension"],
        actual=actual(measure, value, rows, stored.get("occasions")),
        scored=rule_short(measure, scoring, stored["reading"]),
        weight=scoring.weight,
        points=points,
        lost=None if points is None else max(Decimal(0), scoring.weight - points),
        why="" if stored["state"] == MEASURED else unknown(stored["state"]),
        rows=rows,
        scoring=scoring,
        value=value,
        definition=stored["definition"],
    )


def groups_of(lines: Iterable[Line]) -> list[Group]:
    """The lines under their dimensions, in the order of rules 6.1."""
    found = []
    kept = list(lines)
    for code, name in Dimension.choices:
        mine = [line for line in kept if line.dimension == code]
        known = [line.points for line in mine if line.points is not None]
        if mine:
            weight = sum((line.weight for line in mine), Decimal(0))
            found.append(Group(name, weight, sum(known, Decimal(0)) if known else None, mine))
    return found


def most_lost(lines: Iterable[Line], count: int = 3) -> list[Line]:
    """Where most points were lost, most first; lines without loss are left out."""
    losing = [line for line in lines if line.lost]
    return sorted(losing, key=lambda line: (-(line.lost or 0), line.code))[:count]


def unknown(state: str) -> str:
    """Why a measure has no value."""
    if state == NO_SOURCE:
        return _("Not measured yet: no such records are kept.")
    return _("Nothing of this kind happened in this quarter.")


def written(measure: Measure, value: Decimal | None) -> str:
    """A value in its unit."""
    if value is None:
        return MISSING
    if measure.unit == "yuan":
        return money_wan(value)
    if measure.unit == "share":
        return percent(value)
    return plain(value.quantize(CENT)) if measure.unit == "per_ten" else figure(value, 0)


def actual(measure: Measure, value: Decimal | None, rows: list[Any], occasions: int | None = None) -> str:
    """What was counted: `18 / 20` for a share, `2 / 8` of the occasions, the value otherwise."""
    if value is not None and occasions:
        return f"{len(rows)} / {occasions} · " + _("%(value)s per ten") % {"value": written(measure, value)}
    if value is None or measure.unit != "share":
        return written(measure, value)
    part, whole = (sum((row[place] for row in rows), Decimal(0)) for place in (1, 2))
    return f"{figure(part, 0)} / {figure(whole, 0)} · {percent(value)}"


def rule_short(measure: Measure, scoring: Scoring, reading: str = "") -> str:
    """The scoring in a few signs, for the table. `reading`: how a stored sheet read the measure, if not as today."""
    if scoring.method == "target":
        return _("target %(target)s") % {"target": written(measure, scoring.target)}
    if scoring.method == "linear":
        signs = {"full": written(measure, scoring.full_at), "zero": written(measure, scoring.zero_at)}
        return _("full points at %(full)s, zero points at %(zero)s") % signs
    if (reading or measure.reading) == PER_TEN:
        return _("%(step)s points deducted for each in ten") % {"step": plain(scoring.step)}
    return _("%(step)s points deducted for each") % {"step": plain(scoring.step)}


def formula(line: Line) -> str:
    """The formula with its figures."""
    if line.value is None or line.points is None:
        return ""
    scoring, value = line.scoring, written(line.measure, line.value)
    figures = {"value": value, "weight": plain(scoring.weight), "points": figure(line.points, 2)}
    if scoring.method == "target":
        more = {"cap": percent(scoring.cap, 0), "target": written(line.measure, scoring.target)}
        return "min({cap}, {value} ÷ {target}) × {weight} = {points}".format(**figures, **more)
    if scoring.method == "linear":
        full, zero = written(line.measure, scoring.full_at), written(line.measure, scoring.zero_at)
        if scoring.full_at == 1 and scoring.zero_at == 0:
            return "{value} × {weight} = {points}".format(**figures)
        return "({value} − {zero}) ÷ ({full} − {zero}) × {weight} = {points}".format(**figures, full=full, zero=zero)
    return "max(0, {weight} − {value} × {step}) = {points}".format(**figures, step=plain(scoring.step))


def sentence(line: Line) -> str:
    """The explanation's first line."""
    if line.points is None:
        return str(line.why)
    figures = {"actual": line.actual, "points": figure(line.points, 2), "weight": plain(line.weight)}
    return _("%(actual)s gives %(points)s of %(weight)s points.") % figures


def rule_of(result: KpiResult, document: dict[str, Any], line: Line) -> str:
    """Which scheme, which definition, which parameters."""
    scheme = result.scheme
    parts = [
        _("Scheme version %(number)s of the post, in force from %(day)s.")
        % {"number": scheme.number if scheme else MISSING, "day": scheme.effective_from if scheme else MISSING},
        _("Definition %(version)s: %(text)s") % {"version": line.measure.definition, "text": line.measure.says},
        *[
            _("Parameter %(code)s, version %(version)s.") % {"code": stamp["code"], "version": stamp["version"]}
            for stamp in document["parameters"]
        ],
    ]
    return " ".join(str(part) for part in parts)


def plain(number: Decimal | None) -> str:
    """A figure without needless decimals."""
    if number is None:
        return MISSING
    return figure(number, 0 if number == number.to_integral_value() else 2)


@dataclass(frozen=True)
class Bar:
    """One quarter of the chart: geometry in a box of 300 × 120."""

    x: int
    y: int
    height: int
    middle: int
    label: str
    score: Decimal
    is_current: bool


def bars(history: list[KpiResult], current: KpiResult) -> list[Bar]:
    """The quarters as bars from zero, by score: quarters differ in what could be measured. The tallest possible is 100
    or more, if somebody got there."""
    scores = [row.score or Decimal(0) for row in history]
    most = max([Decimal(100), *scores])
    found = []
    for place, (row, score) in enumerate(zip(history, scores, strict=True)):
        height = max(1, int(max(Decimal(0), score) * 84 / most))
        x = place * 50 + 8
        code = row.period.code
        found.append(Bar(x, 100 - height, height, x + 17, code[2:], score, row.pk == current.pk))
    return found
