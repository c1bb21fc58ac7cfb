"""The signs of impairment losses (rules-2 2.3): layouts before 2019 print them as positive deductions."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import product

from clients.statements.rules.identities import tolerance
from clients.statements.rules.lines import BY_CODE, ZERO, count_figures, sum_line

LOSSES = ("P12", "P13")


def suggest_signs(values: Mapping[str, Decimal], ulp: Decimal) -> dict[str, Decimal]:
    """The two losses as the layout of 2019 writes them, where the stated operating profit P20 holds with them and not
    with the printed ones; empty where it holds already, or none or several of the combinations fit.
    """
    line = BY_CODE["P20"]
    allowed = tolerance(ulp, count_figures(line))
    printed = {code: values.get(code, ZERO) for code in LOSSES}
    choices = [sorted({value, -value}) for value in printed.values()]
    tried = [dict(zip(LOSSES, pair, strict=True)) for pair in product(*choices)]
    fitting = [
        losses for losses in tried if abs(values.get("P20", ZERO) - sum_line(line, {**values, **losses})) <= allowed
    ]
    return fitting[0] if len(fitting) == 1 and printed not in fitting else {}
