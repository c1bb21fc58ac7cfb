"""The shape of what the credit committee goes by."""

from typing import Any

from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import Problem, mapping, whole

_share = mapping({"part": whole(1, 100), "of": whole(1, 100)})
_rules = mapping(
    {
        "fewest_seats": whole(3, 99),
        "fewest_present": whole(2, 99),
        "quorum": _share,
        "majority": _share,
        "reason_min_length": whole(1, 500),
    }
)


def check_rules(value: Any, path: str) -> list[Problem]:
    """Shares lie above a half and do not exceed the whole, and a full committee can decide."""
    problems = _rules(value, path)
    if problems:
        return problems
    for name in ("quorum", "majority"):
        share = value[name]
        if not share["of"] < 2 * share["part"] <= 2 * share["of"]:
            problems.append(Problem(f"{name}.part", "range", {"low": share["of"] // 2 + 1, "high": share["of"]}))
    if value["fewest_present"] > value["fewest_seats"]:
        problems.append(Problem("fewest_present", "range", {"low": 2, "high": value["fewest_seats"]}))
    return problems


register(__file__, {"committee.rules": check_rules})
