"""What the rule set makes of the findings about a deal: passed, explained, waived, noted, due later or failed. Pure."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Result = Literal["passed", "explained", "waived", "noted", "later", "failed"]
# Gates that no rule set may leave out, soften or let be waived: without them nobody could say who decides on what.
CORE = ("identity", "investigators", "product", "grade", "currency")
DOCUMENTS = ("application", "investigation", "feasibility", "approval", "capital", "statements", "security")
RULES = (
    "purpose",
    "terms",
    "funding",
    "capital_ratio",
    "short_board",
    "project_approval",
    "term",
    "sector",
    "report_signed",
    "limit",
    "limit_room",
    *(f"document_{kind}" for kind in DOCUMENTS),
)
GATES = (*CORE, *RULES)
BLOCK, WAIVABLE, NOTE = "block", "waivable", "note"
SUBMISSION, FINAL = "submission", "final"


@dataclass(frozen=True)
class Finding:
    """What one gate found. `outcome` names the sentence, `figures` (text) stand in it; `field` is where to mend it.

    `is_explained`: it holds because a reason was written, which every reviewer must read.
    """

    gate: str
    field: str
    outcome: str
    passed: bool
    figures: Mapping[str, str] = dataclasses.field(default_factory=dict)
    is_explained: bool = False


@dataclass(frozen=True)
class WaiverFact:
    """A waiver that was given: by whom, of which level, why, and the last day on which it holds."""

    waiver: int
    person: int
    name: str
    level: int
    reason: str
    until: date

    def as_data(self) -> dict[str, Any]:
        """For the dossier."""
        return {
            "waiver": self.waiver,
            "person": self.person,
            "name": self.name,
            "level": self.level,
            "reason": self.reason,
            "until": self.until.isoformat(),
        }


@dataclass(frozen=True)
class Verdict:
    """One line of the checklist: the finding, what the rule set makes of it, and the rule's own words."""

    finding: Finding
    result: Result
    severity: str
    waived_by: int | None
    basis: Mapping[str, str]
    waiver: WaiverFact | None = None

    def as_data(self) -> dict[str, Any]:
        """For the dossier: everything that is needed to say it again, in either language."""
        return {
            "id": self.finding.gate,
            "field": self.finding.field,
            "outcome": self.finding.outcome,
            "figures": dict(self.finding.figures),
            "result": self.result,
            "severity": self.severity,
            "waived_by": self.waived_by,
            "basis": dict(self.basis),
            "waiver": self.waiver.as_data() if self.waiver else None,
        }


def judge_findings(
    findings: Iterable[Finding],
    *,
    table: Mapping[str, Any],
    product: str,
    waivers: Mapping[str, WaiverFact],
    today: date,
    stage: str = SUBMISSION,
) -> list[Verdict]:
    """The checklist of a deal of `product` at `stage`; gates that the rule set does not ask of it are left out.

    `table` is the parameter `deal.gates`. A waiver counts through its last day, and only where the rule set says that
    this gate may be waived, by that level or a lower one.
    """
    rows = {row["code"]: row for row in table["gates"] if row["products"] is None or product in row["products"]}
    return [
        _judge(finding, rows[finding.gate], waivers.get(finding.gate), today, stage)
        for finding in findings
        if finding.gate in rows
    ]


def _judge(finding: Finding, row: Mapping[str, Any], waiver: WaiverFact | None, today: date, stage: str) -> Verdict:
    severity, level = row["severity"], row["waived_by"]
    basis = {"zh": row["basis_zh"], "en": row["basis_en"]}
    result: Result = "failed"
    standing = None
    if finding.passed:
        result = "explained" if finding.is_explained else "passed"
    elif severity == NOTE:
        result = "noted"
    elif row["stage"] == FINAL and stage != FINAL:
        result = "later"
    elif severity == WAIVABLE and waiver is not None and waiver.level >= level and today <= waiver.until:
        result, standing = "waived", waiver
    return Verdict(finding, result, severity, level, basis, standing)
