"""The signs of impairment losses (rules-2 2.3): layouts before 2019 print them as positive deductions."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from clients.statements.rules.identities import tolerance
from clients.statements.rules.lines import BY_CODE, ZERO, count_figures, sum_line

LOSSES = ("P12", "P13")


@dataclass(frozen=True)
class Signs:
    """What was found: the two losses as the layout of 2019 writes them, None where one must ask; how many fit."""

    chosen: dict[str, Decimal] | None
    fitting: tuple[tuple[Decimal, Decimal], ...]

    @property
    def must_ask(self) -> bool:
        """Whether none or several of the combinations satisfy the operating profit."""
        return self.chosen is None


def resolve_signs(values: Mapping[str, Decimal], ulp: Decimal) -> Signs:
    """Try both signs of P12 and P13 against the stated P20; take the one result within tolerance, else ask.

    A loss that is zero or missing has one sign, so what was not printed is not asked about.
    """
    line = BY_CODE["P20"]
    allowed = tolerance(ulp, count_figures(line))
    choices = [sorted({values.get(code, ZERO), -values.get(code, ZERO)}) for code in LOSSES]
    fitting = tuple(
        (credit, asset)
        for credit, asset in product(*choices)
        if abs(values.get("P20", ZERO) - sum_line(line, {**values, "P12": credit, "P13": asset})) <= allowed
    )
    if len(fitting) != 1:
        return Signs(None, fitting)
    chosen = dict(zip(LOSSES, fitting[0], strict=True))
    return Signs({code: value for code, value in chosen.items() if code in values}, fitting)
