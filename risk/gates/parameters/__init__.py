"""The shape of the rule set: which gates are asked of which product, how strictly, who may waive them, by what law."""

from typing import Any

from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import Problem, listing, mapping, one_of, optional, whole, words
from crm.kernel.people.roles import AuthorityLevel
from risk.gates.rules.verdicts import BLOCK, CORE, FINAL, GATES, NOTE, SUBMISSION, WAIVABLE

LEVELS = [level.value for level in AuthorityLevel if level != AuthorityLevel.NONE]
_gates = mapping(
    {
        "gates": listing(
            mapping(
                {
                    "code": one_of(GATES),
                    "products": optional(listing(words(8), unique="")),
                    "stage": one_of((SUBMISSION, FINAL)),
                    "severity": one_of((BLOCK, WAIVABLE, NOTE)),
                    "waived_by": optional(one_of(LEVELS)),
                    "basis_zh": words(200),
                    "basis_en": words(200),
                }
            ),
            unique="code",
        )
    }
)


def check_gates(value: Any, path: str) -> list[Problem]:
    """A gate that may be waived names the level, no other does; the core gates are asked of every product, strictly."""
    problems = _gates(value, path)
    if problems:
        return problems
    rows = {row["code"]: (index, row) for index, row in enumerate(value["gates"])}
    problems += [Problem(f"gates.{code}", "missing_key") for code in CORE if code not in rows]
    for code, (index, row) in rows.items():
        is_strict = row["severity"] == BLOCK and row["products"] is None and row["stage"] == SUBMISSION
        if code in CORE and not is_strict:
            problems.append(Problem(f"gates[{index}].severity", "unknown_choice", {"choices": [BLOCK]}))
        if (row["severity"] == WAIVABLE) != (row["waived_by"] is not None):
            problems.append(Problem(f"gates[{index}].waived_by", "level_missing"))
    return problems


register(__file__, {"deal.gates": check_gates, "deal.waiver_max_days": whole(1, 730)})
