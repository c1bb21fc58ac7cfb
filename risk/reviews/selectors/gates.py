"""What must hold before a deal goes to review: every gate is asked, and all refusals are told together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.kernel.access.errors import RuleRefused, Text
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.workdays import clock
from projects.deals.investigators import investigators_now
from projects.deals.models import Project
from risk.gates.rules.verdicts import FINAL, SUBMISSION, Finding, Verdict, judge_findings
from risk.gates.selectors import findings
from risk.gates.selectors.texts import basis_of, label_of, sentence_of, waiver_words
from risk.gates.selectors.waivers import map_standing
from risk.reviews import parameter_codes as codes
from risk.reviews.rules.authority import Authority
from risk.reviews.selectors.authority import find_authority, format_above_refusal, format_level
from risk.reviews.selectors.dossier import read_exposure

Rules = dict[str, ParameterValue]


@dataclass(frozen=True)
class Check:
    """One gate in the reader's language. `detail` says what was found, `field` where to mend it.

    `result`: passed, explained (by a written reason), waived, noted, later (due before the final decision), failed.
    `waivable_by`: the level that may waive a failed one, None where nobody may.
    """

    field: str
    label: Text
    result: str
    detail: Text = ""
    gate: str = ""
    basis: Text = ""
    waiver: Text = ""
    waivable_by: int | None = None

    @property
    def passed(self) -> bool:
        """Whether it does not stop the submission."""
        return self.result != "failed"


@dataclass(frozen=True)
class Found:
    """All gates of a deal, the authority it needs (None while it cannot be told) and the rules it was measured by."""

    verdicts: list[Verdict]
    checks: list[Check]
    authority: Authority | None
    rules: Rules

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]


def find_gates(project: Project, *, exposure: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> Found:
    """Ask every gate. Four queries. `project` with client and standing; `exposure` and `documents` as the dossier has
    them.
    """
    rules, people = parameters.values(codes.SUBMISSION), investigators_now(project)
    signed = findings.find_signatures(documents, people)
    verdicts = _judge(
        project,
        [
            *findings.find_in_client(project.client),
            *findings.find_limit(project.client, exposure),
            findings.find_investigators(people, rules["review.min_investigators"].value),
            *_find_in_facts(project, rules),
            *findings.find_documents(documents),
            *([signed] if signed else []),
        ],
        rules,
    )
    checks = [describe_gate(verdict.as_data()) for verdict in verdicts]
    authority = None
    if all(check.passed for check in checks):
        authority = find_authority(project, exposure, rules)
        is_above = authority.level >= AuthorityLevel.BOARD
        detail = format_above_refusal(authority) if is_above else format_level(authority.level)
        result = "failed" if is_above else "passed"
        checks.append(Check("amount", label_of("authority"), result, detail, gate="authority"))
    return Found(verdicts, checks, authority, rules)


def check_gates(project: Project, frozen: Mapping[str, Any]) -> Found:
    """Refuse (RuleRefused, every field and reason) or answer what was found. `frozen`: the dossier."""
    found = find_gates(project, exposure=frozen["exposure"], documents=frozen["documents"])
    errors: dict[str, list[Text]] = {}
    for gate in found.failed:
        errors.setdefault(gate.field, []).append(gate.detail)
    if errors or found.authority is None:
        raise RuleRefused(errors=errors, code="gates")
    return found


def list_overtaken(
    project: Project, rules: Rules, *, documents: Sequence[Mapping[str, Any]] | None = None
) -> list[Check]:
    """What would no longer pass today: time, a new rule or the end of a waiver can break it (rules 1.2, 1.8).

    `project` under review with client and standing, `rules` with `codes.TODAY`. `documents`: those of the dossier, at
    the final decision; then what is due only by then is asked as well.
    """
    asked = [*_find_in_facts(project, rules), findings.find_grade(project.client)]
    asked += findings.find_limit(project.client, _measure_within_limit(project))
    if documents is not None:
        asked += findings.find_documents(documents)
    verdicts = _judge(project, asked, rules, stage=SUBMISSION if documents is None else FINAL)
    return [check for check in (describe_gate(verdict.as_data()) for verdict in verdicts) if not check.passed]


def describe_gate(row: Mapping[str, Any]) -> Check:
    """A gate as the dossier keeps it, in the reader's language."""
    waiver = row.get("waiver")
    return Check(
        field=row["field"],
        label=label_of(row["id"]),
        result=row["result"],
        detail=sentence_of(row["outcome"], row["figures"]),
        gate=row["id"],
        basis=basis_of(row["basis"]),
        waiver=waiver_words(waiver) if waiver else "",
        waivable_by=row["waived_by"] if row["result"] == "failed" else None,
    )


def _find_in_facts(project: Project, rules: Rules) -> list[Finding]:
    ratios = rules["capital.ratios"].value
    if project.approval_date is not None:
        ratios = parameters.value_then("capital.ratios", on=project.approval_date)
    return list(findings.find_in_facts(project, rules, ratios))


def _measure_within_limit(project: Project) -> dict[str, Any] | None:
    """The client's exposure of today with this project; not asked where no limit bounds it."""
    return read_exposure(project) if project.client.standing.limit is not None else None


def _judge(project: Project, found: Sequence[Finding], rules: Rules, *, stage: str = SUBMISSION) -> list[Verdict]:
    """The verdicts of today. Waivers are read where something failed: one query then."""
    waivers = {} if all(finding.passed for finding in found) else map_standing(project)
    return judge_findings(
        found,
        table=rules["deal.gates"].value,
        product=project.product,
        waivers=waivers,
        today=clock.today(),
        stage=stage,
    )
