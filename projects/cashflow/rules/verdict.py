"""Acceptance levels of a kind of revenue, and what a model is worth against them (rules 2.2, rules-2 4.6 and 4.7)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

from projects.cashflow.rules.outcome import Outcome
from projects.cashflow.rules.stress import Stress

ONE = Decimal(1)
Tone = Literal["green", "amber", "red", "default"]
ORDER: tuple[Tone, ...] = ("green", "amber", "red", "default")


@dataclass(frozen=True)
class Levels:
    """Acceptance levels, multiples; `gearing` a fraction."""

    base: Decimal
    average: Decimal
    llcr: Decimal
    lock_up: Decimal
    default: Decimal
    gearing: Decimal


def mix(first: Levels, second: Levels, share: Decimal) -> Levels:
    """Every level by the share of the first: power sold partly under contract, partly on the market."""
    return Levels(
        *(share * getattr(first, one.name) + (ONE - share) * getattr(second, one.name) for one in fields(Levels))
    )


@dataclass(frozen=True)
class Test:
    """One test: its code, the figure, the floor (or ceiling of gearing) and its colour; `note` has no colour."""

    __test__ = False

    code: str
    value: Decimal | None
    floor: Decimal | None
    tone: Tone = "green"
    is_note: bool = False


@dataclass(frozen=True)
class Verdict:
    """All tests and the worst colour; None without any debt service."""

    tone: Tone | None
    tests: tuple[Test, ...]

    @property
    def needs_waiver(self) -> bool:
        """Red: committee and final approval."""
        return self.tone == "red"

    @property
    def blocks(self) -> bool:
        """Below the default level."""
        return self.tone == "default"

    @property
    def failed(self) -> tuple[Test, ...]:
        """Tests that are not green, the gravest first."""
        wrong = [test for test in self.tests if test.tone != "green"]
        return tuple(sorted(wrong, key=lambda test: -ORDER.index(test.tone)))


def grade_cover(value: Decimal, levels: Levels) -> Tone:
    """The colour of a DSCR."""
    if value >= levels.base:
        return "green"
    if value >= levels.lock_up:
        return "amber"
    return "red" if value >= levels.default else "default"


def judge(base: Outcome, stresses: Sequence[Stress], levels: Levels) -> Verdict:
    """What the base case and its stress set are worth."""
    least, average, llcr = base.minimum.value, base.average.value, base.llcr_first.value
    notes = _notes(base)
    if least is None:
        return Verdict(None, (Test("no_service", None, None, is_note=True), *notes))
    tests = [Test("min_dscr", least, levels.base, grade_cover(least, levels))]
    tests.append(Test("avg_dscr", average, levels.average, _amber(average is not None and average >= levels.average)))
    if llcr is not None:
        tone: Tone = "red" if llcr < 1 else _amber(llcr >= levels.llcr)
        tests.append(Test("llcr", llcr, levels.llcr, tone))
    tests.append(Test("gearing", base.gearing, levels.gearing, _amber(base.gearing <= levels.gearing)))
    tests.append(_of_stress(stresses))
    worst = max((test.tone for test in tests), key=ORDER.index)
    return Verdict(worst, (*tests, *notes))


def _amber(passes: bool) -> Tone:
    return "green" if passes else "amber"


def _of_stress(stresses: Sequence[Stress]) -> Test:
    failed = sum(not stress.passes for stress in stresses)
    deep = any(
        stress.scenario.code == "S6" and (stress.value is None or stress.value < Decimal("0.90")) for stress in stresses
        if not stress.passes
    )  # fmt: skip
    tone: Tone = "red" if failed >= 3 or deep else _amber(not failed)
    return Test("stress", Decimal(failed), Decimal(0), tone)


def _notes(base: Outcome) -> list[Test]:
    found = []
    for code, figure in (("project_irr", base.irr_project), ("equity_irr", base.irr_equity)):
        if figure.reason is not None:
            found.append(Test(f"{code}_{figure.reason}", figure.value, None, is_note=True))
    tail = base.tail_years.value
    if tail is not None and tail < 1:
        found.append(Test("short_tail", tail, ONE, is_note=True))
    return found
