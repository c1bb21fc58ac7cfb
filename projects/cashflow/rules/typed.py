"""A cash-flow model as people type it, and the model it makes: every problem is named by its place, nothing is lost.

Everything typed is text: `facts` by name, a mapping per tranche, per line of figures its cells and its yearly growth.
Rates are typed in percent, amounts in 10 thousand yuan.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from projects.cashflow.rules.inputs import KINDS, MOST_PERIODS, Model, Series, Tranche, find_problems

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
Phase = Literal["construction", "operation"]
Shape = Literal["percent", "amount", "whole", "multiple", "percents", "choice", "flag"]
MOST_TRANCHES = 6
MOST_TEXT = 40


@dataclass(frozen=True)
class Line:
    """A line of figures: one cell for each period of its phase. `when`: the fact and value that ask for it."""

    code: str
    phase: Phase
    when: tuple[str, str] | None = None


@dataclass(frozen=True)
class Fact:
    """A general assumption: how it is read, what it is when nothing is typed, and its choices."""

    code: str
    shape: Shape
    default: str = ""
    choices: tuple[str, ...] = ()


LINES: tuple[Line, ...] = (
    Line("capex", "construction"),
    Line("revenue", "operation", ("cash_mode", "built")),
    Line("opex", "operation", ("cash_mode", "built")),
    Line("maintenance", "operation", ("cash_mode", "built")),
    Line("working_capital", "operation", ("cash_mode", "built")),
    Line("depreciation", "operation", ("cash_mode", "built")),
    Line("tax", "operation", ("tax_mode", "given")),
    Line("cfads", "operation", ("cash_mode", "given")),
)
FACTS: tuple[Fact, ...] = (
    Fact("gearing", "percent"),
    Fact("idc_method", "choice", "half_period", ("half_period", "opening")),
    Fact("idc_paid_by", "choice", "funding", ("funding", "equity")),
    Fact("upfront_fee", "percent", "0"),
    Fact("commitment_fee", "percent", "0"),
    Fact("facility", "amount"),
    Fact("cash_mode", "choice", "built", ("built", "given")),
    Fact("life_years", "whole", "20"),
    Fact("residual", "percent", "5"),
    Fact("residual_recovered", "flag"),
    Fact("tax_mode", "choice", "computed", ("computed", "given", "none")),
    Fact("tax_rates", "percents", "25"),
    Fact("loss_years", "whole", "5"),
    Fact("target_dscr", "multiple"),
    Fact("hurdle", "percent", "8"),
    Fact("npv_rate", "percent", "8"),
    Fact("reserve_months", "whole", "0"),
    Fact("reserve_opening", "amount", "0"),
    Fact("sweep", "percent", "0"),
    Fact("life_fixed_end", "flag"),
    Fact("shift_maturity", "flag"),
)
FACT = {one.code: one for one in FACTS}
LINE = {one.code: one for one in LINES}
# What a tranche is typed as, and the shape of each.
TRANCHE: dict[str, Shape | Literal["text"]] = {
    "name": "text",
    "share": "percent",
    "rate": "percent",
    "kind": "choice",
    "periods": "whole",
    "grace": "whole",
    "floating": "percent",
    "capitalised": "flag",
    "shares": "percents",
}
YES = "yes"
# Facts that may stay empty.
MAY_LACK = ("facility", "target_dscr")


@dataclass(frozen=True)
class Timeline:
    """Periods a year, of construction (0: everything is paid at t = 0) and of operation."""

    ppy: int
    construction: int
    operation: int

    def cells(self, line: Line) -> int:
        """How many figures a line has."""
        return max(self.construction, 1) if line.phase == "construction" else self.operation


@dataclass(frozen=True)
class Typed:
    """The texts of a model."""

    facts: Mapping[str, str] = field(default_factory=dict)
    tranches: Sequence[Mapping[str, str]] = ()
    lines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: a fact, a field of a tranche (counted from 0), a period of a line (from 0), or the
    whole. `text` is what was typed.
    """

    code: str
    fact: str = ""
    tranche: int | None = None
    line: str = ""
    period: int | None = None
    text: str = ""

    @property
    def place(self) -> str:
        """The name of the field on the page: `gearing`, `tranche.0.rate`, `revenue.3`."""
        if self.tranche is not None:
            return f"tranche.{self.tranche}.{self.fact}" if self.fact else f"tranche.{self.tranche}"
        return self.fact if not self.line else self.line if self.period is None else f"{self.line}.{self.period}"


class _Reader:
    """Reads texts and gathers what cannot be read."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def number(self, text: str, shape: str, **place: Any) -> Decimal | None:
        """A typed number, percent as a fraction; None for an empty or unreadable text."""
        try:
            found = read_number(text)
        except ValueError:
            self.faults.append(Fault("not_a_figure", text=text[:MOST_TEXT], **place))
            return None
        if found is None:
            return None
        if shape == "whole" and found != found.to_integral_value():
            self.faults.append(Fault("not_whole", text=text[:MOST_TEXT], **place))
            return None
        return found / HUNDRED if shape == "percent" else found

    def percents(self, text: str, **place: Any) -> Series:
        """Percentages one after the other, as fractions: `0 0 0 12.5 25`, or `0×3 12.5×3 25`."""
        found: list[Decimal] = []
        for part in re.split(r"[\s,，、;；]+", unicodedata.normalize("NFKC", text).strip()):
            head, _, times = part.replace("x", "×").replace("*", "×").partition("×")
            if not part:
                continue
            value = self.number(head, "percent", **place)
            if value is None or (times and not re.fullmatch(r"[0-9]{1,3}", times)):
                if value is not None:
                    self.faults.append(Fault("not_a_figure", text=part[:MOST_TEXT], **place))
                return ()
            found += [value] * min(int(times or 1), MOST_PERIODS)
        return tuple(found[:MOST_PERIODS])


_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,8})?|\.[0-9]{1,8}")


def read_number(text: str) -> Decimal | None:
    """A figure as it is typed or pasted: `1,234.50`, `(12.3)`, `−5`, `4.5%`; None for nothing. ValueError else."""
    plain = re.sub(r"[\s,¥%]", "", unicodedata.normalize("NFKC", text)).replace("−", "-").replace("‐", "-")
    if plain in ("", "-", "--", "—", "——"):
        return None
    sign = ONE
    if plain.startswith("(") and plain.endswith(")"):
        plain, sign = plain[1:-1], -ONE
    if plain[:1] in ("+", "-"):
        plain, sign = plain[1:], -sign if plain[0] == "-" else sign
    if not _NUMBER.fullmatch(plain):
        raise ValueError("figure")
    try:
        return sign * Decimal(plain)
    except InvalidOperation:
        raise ValueError("figure") from None


def fill_cells(figures: Sequence[Decimal | None], growth: Decimal | None, ppy: int) -> list[Decimal]:
    """The figures with empty cells: 0, or with a yearly growth the last figure grown at each new year."""
    found: list[Decimal] = []
    last: Decimal | None = None
    since = 0
    for place, figure in enumerate(figures):
        if figure is not None:
            last, since = figure, place
            found.append(figure)
        elif last is None or growth is None:
            found.append(ZERO)
        else:
            years = place // ppy - since // ppy
            found.append(last * (ONE + growth) ** years if years else last)
    return found


def is_asked(line: Line, facts: Mapping[str, str]) -> bool:
    """Whether the line belongs to the model as it is set up."""
    if line.when is None:
        return True
    name, value = line.when
    is_given = facts.get("cash_mode") == "given"
    return (facts.get(name) or FACT[name].default) == value and not (name == "tax_mode" and is_given)


def read_model(timeline: Timeline, typed: Typed) -> tuple[Model | None, list[Fault]]:
    """The model that was typed, with everything that is wrong about it; no model where a text cannot be read."""
    reader = _Reader()
    values = _read_facts(reader, typed.facts)
    tranches = tuple(
        one for place, row in enumerate(typed.tranches) if (one := _read_tranche(reader, row, place)) is not None
    )
    lines: dict[str, Any] = {
        line.code: _read_line(reader, line, typed, timeline) for line in LINES if is_asked(line, typed.facts)
    }
    if reader.faults:
        return None, reader.faults
    if not any(lines.get("depreciation", ())):
        lines.pop("depreciation", None)
    model = Model(ppy=timeline.ppy, at_close=timeline.construction == 0, tranches=tranches, **values, **lines)
    return model, [_locate(problem.field, problem.code, model) for problem in find_problems(model)]


def _read_facts(reader: _Reader, facts: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact in FACTS:
        text = str(facts.get(fact.code) or fact.default)
        if fact.shape == "flag":
            found[fact.code] = text == YES
        elif fact.shape == "choice":
            if text not in fact.choices:
                reader.faults.append(Fault("unknown", fact=fact.code, text=text[:MOST_TEXT]))
            found[fact.code] = text
        elif fact.shape == "percents":
            found[fact.code] = reader.percents(text, fact=fact.code)
        else:
            before = len(reader.faults)
            found[fact.code] = reader.number(text, fact.shape, fact=fact.code)
            if found[fact.code] is None and len(reader.faults) == before and fact.code not in MAY_LACK:
                reader.faults.append(Fault("missing", fact=fact.code))
    found.pop("cash_mode")
    for name in ("life_years", "loss_years", "reserve_months"):
        found[name] = int(min(max(found[name] or ZERO, -ONE), Decimal(1000)))
    return found


def _read_tranche(reader: _Reader, row: Mapping[str, str], place: int) -> Tranche | None:
    """A tranche, or None for an empty row."""
    texts = {name: str(row.get(name) or "").strip() for name in TRANCHE}
    if not any(texts[name] for name in ("name", "share", "rate", "periods", "shares")):
        return None
    before = len(reader.faults)
    numbers = {
        name: reader.number(texts[name], shape, fact=name, tranche=place)
        for name, shape in TRANCHE.items()
        if shape in ("percent", "whole")
    }
    shares = reader.percents(texts["shares"], fact="shares", tranche=place)
    unread = {fault.fact for fault in reader.faults[before:]}
    for name in ("share", "rate", "periods"):
        if numbers[name] is None and name not in unread:
            reader.faults.append(Fault("missing", fact=name, tranche=place))
    kind = texts["kind"] or "level"
    if kind not in KINDS:
        reader.faults.append(Fault("unknown", fact="kind", tranche=place, text=kind[:MOST_TEXT]))
    if len(reader.faults) > before:
        return None
    floating = numbers["floating"]
    return Tranche(
        name=texts["name"][:MOST_TEXT],
        share=numbers["share"] or ZERO,
        rate=numbers["rate"] or ZERO,
        kind=kind,  # type: ignore[arg-type]
        periods=int(numbers["periods"] or 0),
        grace=int(numbers["grace"] or 0),
        floating=ONE if floating is None else floating,
        capitalised=texts["capitalised"] == YES,
        shares=shares,
    )


def _read_line(reader: _Reader, line: Line, typed: Typed, timeline: Timeline) -> Series:
    row = typed.lines.get(line.code) or {}
    texts = [str(text or "") for text in row.get("cells") or ()]
    wanted = timeline.cells(line)
    texts = [*texts[:wanted], *[""] * (wanted - len(texts))]
    figures = [reader.number(text, "amount", line=line.code, period=place) for place, text in enumerate(texts)]
    growth = reader.number(str(row.get("growth") or ""), "percent", line=line.code)
    return tuple(fill_cells(figures, growth, timeline.ppy))


def _locate(place: str, code: str, model: Model) -> Fault:
    """A problem of the model at its place on the page."""
    head, _, rest = place.partition(".")
    if head == "tranches":
        number, _, name = rest.partition(".")
        return Fault(code, fact=name, tranche=int(number)) if number else Fault(code, fact="tranches")
    if head not in LINE:
        return Fault(code, fact=head)
    values: Series = getattr(model, head)
    period = None
    if code == "negative":
        period = next(at for at, value in enumerate(values) if value < 0)
    return Fault(code, line=head, period=period)
