"""The corporate scorecard: points, sum, band, gates and knock-outs out of ratios and answers (rules-2 5, rules 3.1).

Pure. A card is the value of the parameter `rating.scorecard`; money in yuan, ratios as fractions or times, unrounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

GRADES = ("AAA", "AA", "A", "B", "C")
CENT = Decimal("0.01")
Reason = Literal["GOOD", "BAD", "NB", "BASE", "MISS"]
KNOCK_OUTS = ("eliminated", "insolvent", "dishonest", "npl", "falsified", "esg_veto")


@dataclass(frozen=True)
class Value:
    """What a factor reads: a number, or one reason why there is none. `turned` is a loss that turned to profit."""

    number: Decimal | None
    reason: Reason | None = None
    turned: bool = False


@dataclass(frozen=True)
class Scored:
    """A factor with its points; None when it does not apply. `cut` is what it met, `better` the next cut and what
    that would add.
    """

    code: str
    full: Decimal
    value: Decimal | None
    reason: Reason | None
    points: Decimal | None
    cut: str | None = None
    next_cut: str | None = None
    next_gain: Decimal | None = None


@dataclass(frozen=True)
class Gate:
    """A gate that was not passed: the grade it guards, the factor, its points and the points needed."""

    grade: str
    factor: str
    points: Decimal
    needed: Decimal


@dataclass(frozen=True)
class Scoring:
    """The result of a card. Without `grade` the case is incomplete: `missing` names the factors."""

    lines: tuple[Scored, ...]
    score: Decimal
    band: str
    gates: tuple[Gate, ...]
    knock_outs: tuple[str, ...]
    is_restricted: bool
    missing: tuple[str, ...]
    dropped: Decimal
    grade: str | None


def paid_share(paid: Decimal | None, due: Decimal | None) -> Value:
    """Paid of what fell due in twelve months: nothing fell due is full marks, an unanswered amount is missing."""
    if paid is None or due is None:
        return Value(None, "MISS")
    return Value(None, "GOOD") if due == 0 else Value(paid / due)


def score_card(
    card: Mapping[str, Any],
    *,
    section: str,
    values: Mapping[str, Value],
    steps: Mapping[str, int],
    esg_score: int | None,
    knock_outs: frozenset[str] = frozenset(),
    is_restricted: bool = False,
) -> Scoring:
    """Score a client of a GB/T 4754 `section`. `values`: what factors read by its name; `steps`: answers of the expert
    factors, 1 to 5; `esg_score` 0 to 100.
    """
    cuts = card["industries"].get(section, {})
    reads = card["reads"].get(section, {})
    quantitative = [
        _score_factor(code, factor, cuts, values.get(reads.get(code, factor["reads"]), Value(None, "MISS")))
        for code, factor in card["factors"].items()
    ]
    never = frozenset(card["never_dropped"])
    quantitative = [
        Scored(line.code, line.full, None, "MISS", Decimal(0)) if line.points is None and line.code in never else line
        for line in quantitative
    ]
    expert = [_score_expert(code, factor, card, steps, esg_score) for code, factor in card["experts"].items()]
    lines = (*quantitative, *expert)
    dropped = sum((line.full for line in quantitative if line.points is None), Decimal(0))
    whole = sum((line.full for line in quantitative), Decimal(0))
    missing = [line.code for line in lines if line.reason == "MISS"]
    too_few = dropped > Decimal(card["most_dropped"])
    if too_few:
        missing += [line.code for line in quantitative if line.points is None]
        quant = Decimal(0)
    else:
        earned = sum((line.points for line in quantitative if line.points is not None), Decimal(0))
        quant = earned * whole / (whole - dropped)
    given = sum((line.points for line in expert if line.points is not None), Decimal(0))
    score = (quant + given).quantize(CENT, ROUND_HALF_UP)
    band = next((grade for grade, least in card["bands"] if score >= Decimal(least)), "C")
    points = {line.code: line.points or Decimal(0) for line in lines}
    grade, gates = pass_gates(card, band, points, is_restricted=is_restricted)
    outs = tuple(code for code in KNOCK_OUTS if code in knock_outs)
    if outs:
        grade = "C"
    is_complete = not missing or bool(outs)
    return Scoring(
        lines, score, band, gates, outs, is_restricted, tuple(missing), dropped, grade if is_complete else None
    )


def pass_gates(
    card: Mapping[str, Any], band: str, points: Mapping[str, Decimal], *, is_restricted: bool
) -> tuple[str, tuple[Gate, ...]]:
    """The grade after the gates from the top down: who fails those of a grade is tested against the next one's."""
    grade, failed = band, list[Gate]()
    if is_restricted and GRADES.index(grade) < GRADES.index("B"):
        grade = "B"
    while grade in card["gates"]:
        needed = {code: Decimal(least) for code, least in card["gates"][grade].items()}
        short = [Gate(grade, code, points[code], least) for code, least in needed.items() if points[code] < least]
        if not short:
            break
        failed += short
        grade = GRADES[GRADES.index(grade) + 1]
    return grade, tuple(failed)


def may_override(model: str, chosen: str) -> bool:
    """By hand at most one notch below the card's grade; upward is decided by a review, not here (rules 3.2)."""
    return GRADES.index(chosen) - GRADES.index(model) in (0, 1)


def _score_factor(code: str, factor: Mapping[str, Any], cuts: Mapping[str, Any], value: Value) -> Scored:
    full = Decimal(factor["full"])
    steps = [(Decimal(points), cut) for points, cut in factor["steps"]]
    if code in cuts:
        if cuts[code] is None:
            return Scored(code, full, None, "NB", None)
        steps = [(points, cut) for (points, _old), cut in zip(steps, cuts[code], strict=True)]
    if value.number is None:
        return _score_reason(code, full, value)
    place = next((at for at, (_, cut) in enumerate(steps) if meets(value.number, cut, factor["better"])), len(steps))
    points, cut = steps[place] if place < len(steps) else (Decimal(0), None)
    gain, better = (steps[place - 1][0] - points, steps[place - 1][1]) if place else (None, None)
    return Scored(code, full, value.number, None, points, cut, better, gain)


def _score_reason(code: str, full: Decimal, value: Value) -> Scored:
    if value.reason == "NB":
        return Scored(code, full, None, "NB", None)
    if value.reason == "GOOD":
        return Scored(code, full, None, "GOOD", full)
    share = Decimal("0.6") if value.reason == "BASE" and value.turned else Decimal(0)
    return Scored(code, full, None, value.reason or "MISS", full * share)


def meets(number: Decimal, cut: str, better: str) -> bool:
    """Whether a number reaches a cut: `>0` is strict, every other includes its bound."""
    if cut.startswith(">"):
        return number > Decimal(cut[1:])
    return number <= Decimal(cut) if better == "lower" else number >= Decimal(cut)


def _score_expert(
    code: str, factor: Mapping[str, Any], card: Mapping[str, Any], steps: Mapping[str, int], esg_score: int | None
) -> Scored:
    full = Decimal(factor["full"])
    if "by_score" in factor:
        if esg_score is None:
            return Scored(code, full, None, "MISS", Decimal(0))
        ladder = {"full": factor["full"], "better": "higher", "steps": factor["by_score"]}
        return _score_factor(code, ladder, {}, Value(Decimal(esg_score)))
    step = steps.get(code)
    if step is None:
        return Scored(code, full, None, "MISS", Decimal(0))
    shares = card["expert_steps"]
    points = full * Decimal(shares[str(step)])
    gain = full * Decimal(shares[str(step + 1)]) - points if step < 5 else None
    better = str(step + 1) if step < 5 else None
    return Scored(code, full, Decimal(step), None, points, str(step), better, gain)
