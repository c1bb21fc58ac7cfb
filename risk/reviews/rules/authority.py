"""Who may decide finally: the authority matrix and its modifiers, in the order of rules-2 6.5. Yuan, levels 1 to 4."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Literal

ReasonCode = Literal[
    "within_limit",  # exposure lies in the interval (lower, upper] of the level
    "above_all_limits",  # exposure lies above the last numbered limit: the top level decides
    "no_valid_grade",  # no valid grade: the row of the worst grade counts
    "unsecured",  # the limits are multiplied by the factor
    "full_margin",  # wholly covered by cash margin: the limits are multiplied by the factor
    "restructuring_only",  # this level's limit serves restructuring of existing exposure only, so it was passed over
    "esg_class_a",  # the client's environmental and social class lifts the level by one
    "long_tenor",  # a fixed-asset term above the bound lifts the level to the head office
    "related_party",  # the top level decides whatever the amount
    "changed_approval",  # the level that decided what is to be changed counts at least
]


@dataclass(frozen=True)
class Reason:
    """Why, for people: the caller makes the sentence in the reader's language from code and figures.

    Figures by code: within_limit `level, grade, exposure, lower, upper`; above_all_limits `level, grade, exposure,
    lower`; no_valid_grade `counted_as`; unsecured and full_margin `factor`; restructuring_only `level, grade,
    limit`; esg_class_a, related_party and changed_approval `level`; long_tenor `tenor_months, bound_months, level`.
    """

    code: ReasonCode
    figures: Mapping[str, Decimal | int | str]

    def as_data(self) -> dict[str, Any]:
        """For the dossier and the API: decimals as text."""
        figures = {name: str(value) if isinstance(value, Decimal) else value for name, value in self.figures.items()}
        return {"code": self.code, "figures": figures}


@dataclass(frozen=True)
class Authority:
    """The level that must decide. `by_amount` is the level the amount alone asks for."""

    level: int
    by_amount: int
    grade: str
    exposure: Decimal
    needs_committee: bool
    reasons: tuple[Reason, ...]

    def as_data(self) -> dict[str, Any]:
        """For the dossier and the API: decimals as text."""
        return {
            "level": self.level,
            "by_amount": self.by_amount,
            "grade": self.grade,
            "exposure": str(self.exposure),
            "needs_committee": self.needs_committee,
            "reasons": [reason.as_data() for reason in self.reasons],
        }


def required_level(
    *,
    grade: str | None,
    exposure: Decimal,
    secured: bool,
    tenor_months: int,
    matrix: Mapping[str, Any],
    modifiers: Mapping[str, Any],
    restructuring: bool = False,
    fully_margined: bool = False,
    is_fixed_asset: bool = True,
    is_esg_class_a: bool = False,
    is_related: bool = False,
) -> Authority:
    """The final level for a client's exposure after the deal (and of its group, if grouped), in yuan.

    `grade` is a valid grade or None, which counts as the matrix says (C). Intervals are (lower, upper]:
    a limit of 80,000,000 covers 80,000,000.00 and not a fen more. `matrix` and `modifiers` are the values of
    the parameters `authority.matrix` and `authority.modifiers`. ValueError: exposure not above zero, unsecured and
    covered by margin at once, unknown grade (the matrix is checked for coverage when it is published, so every known
    grade is decided).
    """
    if exposure <= 0:
        raise ValueError("exposure after the deal must be above zero")
    if fully_margined and not secured:
        raise ValueError("an unsecured deal is not covered by cash margin")
    reasons: list[Reason] = []
    if grade is None:
        grade = str(matrix["without_grade"])
        reasons.append(Reason("no_valid_grade", {"counted_as": grade}))
    factor = Decimal(1)
    if not secured:
        factor = Decimal(modifiers["unsecured_factor"])
        reasons.append(Reason("unsecured", {"factor": factor}))
    if fully_margined:
        factor = Decimal(modifiers.get("full_margin_factor", "1"))
        reasons.append(Reason("full_margin", {"factor": factor}))
    by_amount = _level_by_amount(grade, exposure, factor, matrix, restructuring, reasons)
    level, top = by_amount, int(matrix["levels"][-1]["level"])
    if is_esg_class_a:
        level = min(by_amount + 1, top)
        reasons.append(Reason("esg_class_a", {"level": level}))
    bound, head_office = modifiers["long_tenor_months"], _head_office(matrix, modifiers)
    if is_fixed_asset and tenor_months > bound and level < head_office:
        level = head_office
        reasons.append(Reason("long_tenor", {"tenor_months": tenor_months, "bound_months": bound, "level": level}))
    if is_related:
        level = top
        reasons.append(Reason("related_party", {"level": level}))
    committee = next(bool(row["committee"]) for row in matrix["levels"] if row["level"] == level)
    return Authority(level, by_amount, grade, exposure, committee, tuple(reasons))


def _head_office(matrix: Mapping[str, Any], modifiers: Mapping[str, Any]) -> int:
    """The lowest level flagged `head_office`. An older matrix has no flags: the modifiers name the level, or it is the
    highest.
    """
    flagged = [int(row["level"]) for row in matrix["levels"] if row.get("head_office")]
    return flagged[0] if flagged else int(modifiers.get("long_tenor_level", matrix["levels"][-1]["level"]))


def _level_by_amount(
    grade: str,
    exposure: Decimal,
    factor: Decimal,
    matrix: Mapping[str, Any],
    restructuring: bool,
    reasons: list[Reason],
) -> int:
    """The first level whose limit covers the exposure, with the reasons appended in reading order."""
    lower = Decimal(0)
    for row in matrix["levels"]:
        if grade not in row["limits"]:
            raise ValueError(f"the authority matrix does not know the grade {grade}")
        level, limit = row["level"], row["limits"][grade]
        if limit is None:
            figures = {"level": level, "grade": grade, "exposure": exposure, "lower": lower}
            reasons.append(Reason("above_all_limits", figures))
            return int(level)
        with localcontext(prec=60):
            upper = Decimal(limit) * factor
        if grade in row.get("restructuring_only", ()) and not restructuring:
            # The limit exists, but not for new money: pass it over and say so when it would have covered.
            if exposure <= upper:
                reasons.append(Reason("restructuring_only", {"level": level, "grade": grade, "limit": upper}))
            continue
        if exposure <= upper:
            figures = {"level": level, "grade": grade, "exposure": exposure, "lower": lower, "upper": upper}
            reasons.append(Reason("within_limit", figures))
            return int(level)
        lower = upper
    raise ValueError("the authority matrix ends before the exposure: its last level must have no limit")
