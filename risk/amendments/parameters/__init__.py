"""The shape of the bands of an extension."""

from typing import Any

from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import Problem, listing, mapping, optional, whole

_rules = mapping(
    {
        "bands": listing(
            mapping(
                {
                    "up_to": optional(whole(1, 600)),
                    "percent": optional(whole(1, 100)),
                    "months": optional(whole(1, 360)),
                }
            )
        ),
        "workdays_before": whole(0, 60),
    }
)


def check_extension(value: Any, path: str) -> list[Problem]:
    """Bands with rising bounds, the last without one, each with either a share of the first term or months."""
    problems = _rules(value, path)
    if problems:
        return problems
    bands = value["bands"]
    for place, band in enumerate(bands):
        if (band["percent"] is None) == (band["months"] is None):
            problems.append(Problem(f"bands[{place}].percent", "missing_key"))
    bounds = [band["up_to"] for band in bands]
    if bounds[-1] is not None:
        problems.append(Problem(f"bands[{len(bands) - 1}].up_to", "last_without_limit"))
    elif None in bounds[:-1] or sorted(bounds[:-1]) != bounds[:-1]:
        problems.append(Problem("bands", "not_ascending"))
    return problems


register(__file__, {"deal.extension": check_extension})
