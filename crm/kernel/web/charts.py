"""What a chart shows, drawn by `<c-chart>`: series over categories, lines that mean something, the table behind.

A page hands over figures and their words; look, theme, printing and the picture to keep are `static/js/charts.js`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

MOST_SERIES = 5


@dataclass(frozen=True)
class Series:
    """One row of figures, a value per category; None is a gap, never 0. `texts` are the values as the page words
    them: what tooltip, labels and table show.
    """

    name: str
    values: Sequence[Decimal | int | None]
    texts: Sequence[str]
    kind: Literal["line", "bar"] = "line"


@dataclass(frozen=True)
class Line:
    """A level the figures are held against, named at its end: `plain` a rule, `warn` a lock, `bad` a breach."""

    name: str
    value: Decimal
    tone: Literal["plain", "warn", "bad"] = "plain"


@dataclass(frozen=True)
class Chart:
    """A chart with its summary in a sentence, which is also its accessible name.

    `heading` is the head of the categories' column; `mark` follows a figure on the axis ("%", "×"). Bars start
    at 0; the axis of lines may be cut.
    """

    summary: str
    heading: str
    categories: Sequence[str]
    series: Sequence[Series]
    lines: Sequence[Line] = ()
    mark: str = ""

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"at most {MOST_SERIES} series; more are small multiples")
        for series in self.series:
            if not len(series.values) == len(series.texts) == len(self.categories):
                raise ValueError(f"{series.name}: a value and a text per category")

    @property
    def is_drawn(self) -> bool:
        """Whether a series has two figures or more: a single one is a sentence, not a chart."""
        return any(sum(value is not None for value in series.values) > 1 for series in self.series)

    @property
    def data(self) -> str:
        """What charts.js draws, as JSON. Pixels need no decimals beyond those of a float."""
        return json.dumps(
            {
                "categories": list(self.categories),
                "mark": self.mark,
                "series": [
                    {
                        "name": series.name,
                        "kind": series.kind,
                        "values": [None if value is None else float(value) for value in series.values],
                        "texts": list(series.texts),
                    }
                    for series in self.series
                ],
                "lines": [{"name": line.name, "value": float(line.value), "tone": line.tone} for line in self.lines],
            },
            ensure_ascii=False,
        )

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The table behind: a category with the name and the text of each series."""
        return [
            (category, [(series.name, series.texts[place]) for series in self.series])
            for place, category in enumerate(self.categories)
        ]
