"""The shapes of the authority matrix and of what reviews go by."""

from decimal import Decimal
from typing import Any

from clients.file.models import Grade
from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import (
    HIGHEST_AMOUNT,
    Problem,
    choice_list,
    decimal_text,
    flag,
    listing,
    mapping,
    one_of,
    optional,
    whole,
    words,
)
from crm.kernel.people.roles import AuthorityLevel
from risk.reviews.parameters.staffing import require_staff

LEVELS = [level.value for level in AuthorityLevel if level != AuthorityLevel.NONE]
STAGES = ("acceptance", "investigation", "initial", "recheck", "committee", "final")

_limit = optional(decimal_text("0", HIGHEST_AMOUNT))
_matrix = mapping(
    {
        "without_grade": one_of(Grade.values),
        "levels": listing(
            mapping(
                {
                    "level": one_of(LEVELS),
                    "committee": flag,
                    "head_office": flag,
                    "limits": mapping(dict.fromkeys(Grade.values, _limit)),
                    "restructuring_only": listing(one_of(Grade.values), unique=""),
                },
                may_miss=["restructuring_only", "head_office"],
            ),
            unique="level",
        ),
    }
)


def check_matrix(value: Any, path: str) -> list[Problem]:
    """Coverage: every level, in order; each grade's limits rise once above zero, and only the last level has none."""
    problems = _matrix(value, path)
    if problems:
        return problems
    rows = value["levels"]
    levels = [row["level"] for row in rows]
    if levels != sorted(levels):
        problems.append(Problem("levels", "not_ascending"))
    if set(levels) != set(LEVELS):
        # The modifiers may name any level: a case must not be sent to one that is not there.
        problems.append(Problem("levels", "level_missing"))
    for grade in Grade.values:
        lower = Decimal(-1)
        for index, row in enumerate(rows):
            limit, where = row["limits"][grade], f"levels[{index}].limits.{grade}"
            is_last = index == len(rows) - 1
            if (limit is None) != is_last:
                problems.append(Problem(where, "last_without_limit"))
            elif limit is not None and (Decimal(limit) < lower or (Decimal(limit) == lower and lower > 0)):
                problems.append(Problem(where, "not_ascending"))
            lower = Decimal(limit) if limit is not None else lower
    flags = [bool(row.get("head_office")) for row in rows]
    if flags != sorted(flags):
        # Who stands above the head office belongs to it.
        problems.append(Problem("levels", "not_ascending"))
    if rows[-1].get("restructuring_only"):
        # The top level must take what the others may not, or a case would find nobody.
        problems.append(Problem(f"levels[{len(rows) - 1}].restructuring_only", "above_last"))
    return problems


register(
    __file__,
    {
        "authority.matrix": check_matrix,
        "authority.modifiers": mapping(
            {
                "unsecured_factor": decimal_text("0", "1"),
                "long_tenor_months": whole(1, 600),
                "long_tenor_level": one_of(LEVELS),
                "full_margin_factor": decimal_text("1", "10"),
            },
            may_miss=["long_tenor_level", "full_margin_factor"],
        ),
        "authority.min_people": whole(1, 20),
        "authority.deputy_maximum": listing(
            mapping({"post": words(30), "amount": decimal_text("0", HIGHEST_AMOUNT)}), unique="post"
        ),
        "review.sla_workdays": mapping({stage: whole(1, 60) for stage in STAGES}, may_miss=["committee"]),
        "review.urgent_sla_workdays": mapping({stage: whole(1, 60) for stage in STAGES}, may_miss=["committee"]),
        "review.remind_before_workdays": whole(0, 30),
        "review.return_workdays": whole(1, 60),
        "review.opinion_min_length": whole(1, 1000),
        "review.conflict_lookback_months": whole(1, 120),
        "review.min_investigators": whole(2, 2),
        "review.return_reasons": choice_list(),
        "review.reject_reasons": choice_list(),
        "review.recuse_reasons": choice_list(),
    },
    publication={"authority.matrix": require_staff},
)
