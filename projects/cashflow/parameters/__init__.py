from decimal import Decimal
from typing import Any

from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import Problem, decimal_text, mapping, whole

_multiple = decimal_text("1", "5")
_levels = mapping(
    {
        "base": _multiple,
        "average": _multiple,
        "llcr": _multiple,
        "lock_up": _multiple,
        "default": _multiple,
        "gearing": decimal_text("0", "1"),
    }
)
TYPES = (
    "availability",
    "contracted_re",
    "hydro",
    "thermal_ppa",
    "merchant",
    "toll_road",
    "transport",
    "utility",
    "extractive",
    "property",
    "manufacturing",
    "fallback",
)
_rows = mapping(dict.fromkeys(TYPES, _levels))


def check_levels(value: Any, path: str) -> list[Problem]:
    """The default level is not above the lock-up level, nor that above the level of acceptance."""
    problems = _rows(value, path)
    if problems:
        return problems
    return [
        Problem(f"{name}.lock_up", "not_ascending")
        for name, row in value.items()
        if not Decimal(row["default"]) <= Decimal(row["lock_up"]) <= Decimal(row["base"])
    ]


register(
    __file__,
    {"cashflow.levels": check_levels, "cashflow.confirmation": mapping({"workdays": whole(1, 30)})},
)
