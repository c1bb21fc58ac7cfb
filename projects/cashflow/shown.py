"""A cash-flow model as pages show it: its verdict in words, the chart, the table behind, figures, stress, tornado."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.web.charts import Chart, Line, Series
from projects.cashflow.models import CashflowModel
from projects.cashflow.rules.inputs import Series as Figures
from projects.cashflow.rules.outcome import Outcome, Ratios
from projects.cashflow.rules.stress import Bar, Breaking, Stress
from projects.cashflow.rules.typed import LINES, TRANCHE, is_asked
from projects.cashflow.rules.typed import Line as InputLine
from projects.cashflow.texts import (
    FIGURES,
    MEASURES,
    REASONS,
    RISES,
    ROWS,
    SCENARIOS,
    VARIABLES,
    word_fault,
)
from projects.cashflow.texts import (
    LINES as LINE_NAMES,
)

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
TABLE = ("revenue", "opex", "maintenance", "working_capital", "tax", "cfads", "interest", "principal", "service")
MORE_ROWS = ("opening", "depreciation")
RATIO_ROWS = ("dscr", "rolling", "llcr", "cover", "interest_cover")
STRONG = frozenset({"cfads", "service", "dscr"})


def amount(value: Decimal) -> str:
    """An amount in 10 thousand yuan with one decimal."""
    return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):,f}".replace("-", "−")


def multiple(value: Decimal | None) -> str:
    """A cover ratio with two decimals; what rounds up to a level it misses is shown with four."""
    return "—" if value is None else f"{value.quantize(CENT, ROUND_HALF_UP):,f}×".replace("-", "−")


def percent(value: Decimal | None) -> str:
    """A fraction in percent with two decimals."""
    return "—" if value is None else f"{(value * HUNDRED).quantize(CENT, ROUND_HALF_UP):,f}%".replace("-", "−")


def shown(value: Decimal | None, shape: str) -> str:
    """A figure by its shape."""
    if value is None:
        return "—"
    if shape == "years":
        return _("%(years)s years") % {"years": f"{value.quantize(CENT, ROUND_HALF_UP):f}".replace("-", "−")}
    if shape == "count":
        return f"{value:.0f}"
    return {"multiple": multiple, "percent": percent, "amount": amount}[shape](value)


def beside(value: Decimal | None, floor: Decimal | None, shape: str) -> tuple[str, str]:
    """A figure and its floor; with four decimals where two would show them equal though they are not."""
    one, other = shown(value, shape), shown(floor, shape)
    if shape == "multiple" and value is not None and floor is not None and one == other and value != floor:
        one = f"{value.quantize(Decimal('0.0001'), ROUND_HALF_UP):f}×".replace("-", "−")
    return one, other


def _read(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def draw_figures(row: CashflowModel) -> list[dict[str, Any]]:
    """The key figures; each opens what it is and, where there is none, why."""
    found = []
    for code, kept in row.key_figures.items():
        name, shape, explanation = FIGURES[code]
        reason = REASONS.get(kept["reason"] or "", "")
        found.append({
            "name": name, "text": shown(_read(kept["value"]), shape),
            "why": [explanation, *([reason] if reason else [])],
            "unit": _("10 thousand yuan") if shape == "amount" and kept["value"] else "",
        })  # fmt: skip
    return found


def draw_tests(row: CashflowModel) -> list[dict[str, Any]]:
    """The tests of the verdict with figure, floor and colour."""
    names = {"llcr": "llcr", "avg_dscr": "avg_dscr", "min_dscr": "min_dscr", "gearing": "gearing", "stress": "stress"}
    found = []
    for test in row.result.get("tests", ()):
        if test["is_note"]:
            continue
        name, shape, _why = FIGURES[names[test["code"]]]
        value, floor = beside(_read(test["value"]), _read(test["floor"]), shape)
        sign = "≤" if test["code"] in ("gearing", "stress") else "≥"
        found.append({"name": name, "value": value, "floor": f"{sign} {floor}", "tone": test["tone"]})
    return found


def draw_notes(row: CashflowModel) -> list[str]:
    """What has no colour but is said: a missing or doubtful return, a short tail."""
    found = []
    for test in row.result.get("tests", ()):
        code = test["code"]
        if not test["is_note"] or code == "no_service":
            continue
        if code == "short_tail":
            found.append(_("The loan ends less than a year before operation does."))
            continue
        side = _("Project IRR after tax") if code.startswith("project_irr_") else _("IRR of the capital")
        reason = code.removeprefix("project_irr_").removeprefix("equity_irr_")
        found.append(_("%(name)s: %(reason)s.") % {"name": side, "reason": REASONS.get(reason, reason)})
    return found


def word_verdict(row: CashflowModel) -> str:
    """The conclusion in a sentence: the lowest DSCR against the level of its revenue type."""
    if row.min_dscr is None:
        return _("There is nothing to repay in this model, so there is no cover to judge.")
    value, floor = beside(row.min_dscr, row.floor_of("base"), "multiple")
    words = {"value": value, "floor": floor, "type": row.get_revenue_type_display()}
    least, levels = row.min_dscr, row.result["levels"]
    if least >= Decimal(levels["base"]):
        return _("The lowest DSCR is %(value)s and meets the required %(floor)s (%(type)s).") % words
    words |= {"lock_up": multiple(Decimal(levels["lock_up"])), "default": multiple(Decimal(levels["default"]))}
    if least >= Decimal(levels["lock_up"]):
        return _("The lowest DSCR is %(value)s, below the required %(floor)s (%(type)s) but not below the lock-up "
                 "level %(lock_up)s.") % words  # fmt: skip
    if least >= Decimal(levels["default"]):
        return _("The lowest DSCR is %(value)s, below the required %(floor)s (%(type)s) and below the lock-up level "
                 "%(lock_up)s: no distribution in such periods.") % words  # fmt: skip
    return _("The lowest DSCR is %(value)s, below the default level %(default)s; %(floor)s is required "
             "(%(type)s).") % words  # fmt: skip


def draw_stress(row: CashflowModel) -> list[dict[str, Any]]:
    """S1 to S7 with the figure that counts beside its floor."""
    found = []
    for one in row.result.get("stress", ()):
        shape = "percent" if one["measure"] == "equity_irr" else "multiple"
        value, floor = beside(_read(one["value"]), _read(one["floor"]), shape)
        problem = one["problem"]
        found.append({
            "code": one["code"], "name": SCENARIOS[one["code"]], "measure": MEASURES[one["measure"]], "value": value,
            "floor": f"≥ {floor}", "state": "passed" if one["passes"] else "failed",
            "least": multiple(_read(one["min_dscr"])),
            "problem": word_fault(row, {"code": problem, "line": "", "tranche": None, "fact": "", "text": ""})
            if problem else "",
        })  # fmt: skip
    return found


def word_fall(row: CashflowModel) -> str:
    """S7 in words."""
    fall = _read(row.result.get("fall"))
    if fall is None:
        return _("no room is left")
    return percent(fall) if fall >= 0 else _("a rise of %(rise)s is needed") % {"rise": percent(-fall)}


def _levels(row: CashflowModel) -> list[Line]:
    levels = {name: Decimal(row.result["levels"][name]) for name in ("base", "lock_up", "default")}
    return [
        Line(_("Required %(level)s") % {"level": multiple(levels["base"])}, levels["base"]),
        Line(_("Lock-up %(level)s") % {"level": multiple(levels["lock_up"])}, levels["lock_up"], "warn"),
        Line(_("Default %(level)s") % {"level": multiple(levels["default"])}, levels["default"], "bad"),
    ]


def draw_chart(row: CashflowModel, base: Outcome, other: Stress | None) -> Chart:
    """The DSCR of each period with debt service, base case and one scenario, against the levels."""
    last = 0 if base.last is None else base.last + 1
    outcome = other.outcome if other is not None else None
    delay = outcome.delay if outcome is not None else 0
    width = max(last, delay + (0 if outcome is None or outcome.last is None else outcome.last + 1))
    labels = [row.operation_label(place) for place in range(width)]

    def line_up(ratios: Ratios, shift: int) -> list[Decimal | None]:
        moved: list[Decimal | None] = [*[None] * shift, *ratios]
        return [moved[place] if place < len(moved) else None for place in range(width)]

    series = [_series(SCENARIOS["base"], line_up(base.dscr, 0))]
    if outcome is not None and other is not None:
        name = f"{other.scenario.code} {SCENARIOS[other.scenario.code]}"
        series.append(_series(name, line_up(outcome.dscr, delay)))
    return Chart(
        summary=word_verdict(row),
        heading=_("Period"),
        categories=labels,
        series=series,
        lines=_levels(row),
        mark="×",
    )


def _series(name: Any, values: Sequence[Decimal | None]) -> Series:
    return Series(str(name), values, [multiple(value) for value in values])


def draw_table(row: CashflowModel, outcome: Outcome, base: Outcome) -> dict[str, Any]:
    """All series of a case by period, with the sums of amounts and the lowest of ratios."""
    heads = [row.operation_label(place, outcome.delay) for place in range(len(outcome.cfads))]
    rows: list[dict[str, Any]] = []
    for code in (*TABLE, *MORE_ROWS):
        values: Figures = getattr(outcome, code)
        if not any(values):
            continue
        total = "" if code in MORE_ROWS else amount(sum(values, Decimal(0)))
        rows.append({"name": ROWS[code], "cells": [amount(value) for value in values], "total": total,
                     "is_strong": code in STRONG})  # fmt: skip
    least = Decimal(row.result["levels"]["base"])
    for code in RATIO_ROWS:
        ratios: Ratios = getattr(outcome, code)
        found = [value for value in ratios if value is not None]
        if not found:
            continue
        rows.append({"name": ROWS[code], "cells": [multiple(value) for value in ratios],
                     "low": [code == "dscr" and value is not None and value < least for value in ratios],
                     "total": _("lowest %(value)s") % {"value": multiple(min(found))},
                     "is_strong": code in STRONG})  # fmt: skip
    for one in rows:
        marks = one.pop("low", [False] * len(heads))
        one["cells"] = list(zip(heads, one["cells"], marks, strict=True))
    return {"heads": heads, "rows": rows, "is_base": outcome is base}


def draw_tornado(bars: Sequence[Bar], breaking: Sequence[Breaking]) -> dict[str, Any]:
    """One variable at a time, the widest first, and how far each may go until the lowest DSCR is 1.00."""
    widest = max((bar.spread for bar in bars), default=Decimal(0)) or Decimal(1)
    limits = {one.variable: one for one in breaking}
    rows = []
    for bar in bars:
        one = limits.get(bar.variable)
        far = ""
        if one is not None:
            far = _("not reached within the range") if one.amount is None else (
                f"{(one.amount * 10_000).quantize(Decimal(1))} bp" if one.variable == "rate" else percent(one.amount)
            )  # fmt: skip
        rows.append({
            "name": VARIABLES[bar.variable], "low": multiple(bar.low.minimum.value),
            "high": multiple(bar.high.minimum.value), "low_irr": percent(bar.low.irr_equity.value),
            "high_irr": percent(bar.high.irr_equity.value), "share": int(bar.spread / widest * 100),
            "rise": RISES.get(bar.variable, ""), "far": far,
        })  # fmt: skip
    return {"rows": rows}


def draw_grid(row: CashflowModel, texts: Mapping[str, Any], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """The entry grids: construction, then operation; a cell for each period with what was typed.

    `texts`: the inputs as typed; `wrong`: place → what is wrong there.
    """
    grids = []
    facts = texts.get("facts", {})
    for title, phase in ((_("Construction"), "construction"), (_("Operation"), "operation")):
        label = row.construction_label if phase == "construction" else row.operation_label
        lines = [line for line in LINES if line.phase == phase]
        count = row.timeline.cells(lines[0])
        heads = [label(place) for place in range(count)]
        drawn = [_grid_row(line, heads, texts, wrong) for line in lines if is_asked(line, facts)]
        grids.append({"title": title, "heads": heads, "rows": drawn})
    return grids


def _grid_row(
    line: InputLine, heads: Sequence[str], texts: Mapping[str, Any], wrong: Mapping[str, str]
) -> dict[str, Any]:
    kept = texts.get("lines", {}).get(line.code, {})
    cells = list(kept.get("cells", ()))
    growth = f"{line.code}.growth"
    return {
        "code": line.code,
        "name": LINE_NAMES[line.code],
        "growth": {"name": growth, "text": kept.get("growth", ""), "wrong": wrong.get(line.code, "")},
        "cells": [
            {
                "name": f"{line.code}.{place}",
                "head": head,
                "text": cells[place] if place < len(cells) else "",
                "wrong": wrong.get(f"{line.code}.{place}", ""),
            }
            for place, head in enumerate(heads)
        ],
    }


def wrong_places(row: CashflowModel) -> dict[str, str]:
    """Place → problem of a draft."""
    found: dict[str, str] = {}
    for fault in row.problems:
        place = f"tranche.{fault['tranche']}.{fault['fact']}" if fault["tranche"] is not None else fault["fact"]
        if fault["line"]:
            place = fault["line"] if fault["period"] is None else f"{fault['line']}.{fault['period']}"
        found[place] = word_fault(row, fault)
    return found


def list_problems(row: CashflowModel) -> list[str]:
    """All problems of a draft in words."""
    return [word_fault(row, fault) for fault in row.problems]


def filled_tranches(texts: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The tranches that were typed."""
    return [row for row in texts.get("tranches", ()) if any(row.get(name) for name in TRANCHE if name != "kind")]
