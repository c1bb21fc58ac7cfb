"""The shapes of what ratings read: validity, lead time, the corporate scorecard."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from clients.file.models import Grade
from clients.statements.rules.formulas import BY_CODE as RATIOS
from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import (
    Check,
    Problem,
    decimal_text,
    listing,
    mapping,
    one_of,
    optional,
    whole,
    words,
)

FACTORS = tuple(f"F{number}" for number in range(1, 11))
EXPERTS = tuple(f"Q{number}" for number in range(1, 7))
ANSWERED = ("interest", "principal", "net_of_advances")
points = decimal_text("0", "100")


def bound(value: Any, path: str) -> list[Problem]:
    """A cut: a figure as text, or `>0` for strictly above it."""
    return decimal_text("-100", "100")(value.removeprefix(">") if isinstance(value, str) else value, path)


def step(value: Any, path: str) -> list[Problem]:
    """A step of a ladder: points and the cut that earns them."""
    if not isinstance(value, list) or len(value) != 2:
        return [Problem(path, "list")]
    return points(value[0], f"{path}[0]") + bound(value[1], f"{path}[1]")


def every(keys: tuple[str, ...], check: Check) -> Check:
    """An object of some of `keys`."""
    return mapping(dict.fromkeys(keys, check), may_miss=keys)


ladder = listing(step, most=10)
named = {"zh": words(), "en": words(), "full": points}
factor = mapping(
    {**named, "reads": one_of((*RATIOS, *ANSWERED)), "better": one_of(("higher", "lower")), "steps": ladder}
)
sections = tuple("ABCDEFGHIJKLMNOPQRST")
_card = mapping(
    {
        "factors": mapping(dict.fromkeys(FACTORS, factor)),
        "experts": mapping(dict.fromkeys(EXPERTS, mapping({**named, "by_score": ladder}, may_miss=["by_score"]))),
        "expert_steps": mapping({str(number): decimal_text("0", "1") for number in range(1, 6)}),
        "industries": every(sections, every(FACTORS, optional(listing(bound, most=10)))),
        "reads": every(sections, every(FACTORS, one_of((*RATIOS, *ANSWERED)))),
        "bands": listing(
            lambda value, path: (
                one_of(("AAA", "AA", "A", "B"))(value[0], path) + points(value[1], path)
                if isinstance(value, list) and len(value) == 2
                else [Problem(path, "list")]
            ),
            most=4,
            least=4,
        ),
        "gates": every(("AAA", "AA", "A"), every(FACTORS, points)),
        "most_dropped": points,
        "never_dropped": listing(one_of(FACTORS)),
    }
)


def check_card(value: Any, path: str) -> list[Problem]:
    """A card whose marks sum to 100 and whose ladders leave neither gap nor overlap: points fall, cuts get easier."""
    problems = _card(value, path)
    if problems:
        return problems
    weights = [*value["factors"].values(), *value["experts"].values()]
    whole_marks = sum(Decimal(one["full"]) for one in weights)
    if whole_marks != 100:
        problems.append(Problem("factors", "sum", {"sum": f"{whole_marks:f}", "wanted": 100}))
    for code, one in value["factors"].items():
        problems += _check_ladder(one["steps"], one["full"], one["better"], f"factors.{code}.steps")
    for code, one in value["experts"].items():
        problems += _check_ladder(one.get("by_score", []), one["full"], "higher", f"experts.{code}.by_score")
    for section, overrides in value["industries"].items():
        for code, cuts in overrides.items():
            where, one = f"industries.{section}.{code}", value["factors"][code]
            if cuts is None:
                problems += [Problem(where, "empty")] if code in value["never_dropped"] else []
            elif len(cuts) != len(one["steps"]):
                problems.append(Problem(where, "range", {"low": len(one["steps"]), "high": len(one["steps"])}))
            else:
                problems += _check_cuts(cuts, one["better"], where)
    least = [Decimal(low) for _grade, low in value["bands"]]
    if [grade for grade, _low in value["bands"]] != ["AAA", "AA", "A", "B"] or not _falls(least):
        problems.append(Problem("bands", "not_descending"))
    return problems


def _falls(numbers: list[Decimal]) -> bool:
    return all(one > two for one, two in pairwise(numbers))


def _check_ladder(steps: list[Any], full: str, better: str, where: str) -> list[Problem]:
    if not steps:
        return []
    earned = [Decimal(points) for points, _cut in steps]
    if earned[0] != Decimal(full) or not _falls(earned):
        return [Problem(where, "not_descending")]
    return _check_cuts([cut for _points, cut in steps], better, where)


def _check_cuts(cuts: list[str], better: str, where: str) -> list[Problem]:
    """Each further cut is easier to meet than the one before."""
    numbers = [Decimal(cut.removeprefix(">")) for cut in cuts]
    falls = _falls(numbers if better == "higher" else [-number for number in numbers])
    return [] if falls else [Problem(where, "not_descending")]


register(
    __file__,
    {
        "rating.validity_months": mapping({grade: whole(1, 36) for grade in Grade.values}),
        "rating.renewal_lead_days": mapping({grade: whole(0, 180) for grade in Grade.values}),
        "rating.scorecard": check_card,
    },
)
