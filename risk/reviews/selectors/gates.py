"""What must hold before a deal goes to review: every gate is asked, and all refusals are told together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.file.rules import identifiers
from crm.kernel.access.errors import RuleRefused, Text
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person
from crm.kernel.text.sentences import listed, told
from crm.kernel.workdays import clock
from projects.deals.investigators import investigators_now, why_unfit
from projects.deals.models import Project
from projects.deals.rules.capital import capital_test, share_cut
from risk.reviews import parameter_codes as codes
from risk.reviews.rules.authority import Authority
from risk.reviews.selectors.authority import find_authority, format_committee_refusal, format_level

HOME_CURRENCY = "CNY"
Rules = dict[str, ParameterValue]


@dataclass(frozen=True)
class Check:
    """One gate for the page: `detail` says what is wrong, or what was found. `field` is where to mend it."""

    field: str
    label: Text
    passed: bool
    detail: Text = ""


@dataclass(frozen=True)
class Found:
    """All gates of a deal, the authority it needs (None while it cannot be told) and the rules it was measured by."""

    checks: list[Check]
    authority: Authority | None
    rules: Rules

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]


def find_gates(project: Project, *, exposure: Mapping[str, Any]) -> Found:
    """Ask every gate. Three queries. `project` with client and standing; `exposure` as the dossier has it."""
    rules = parameters.values(codes.SUBMISSION)
    checks = [
        _identity(project.client),
        _investigators(investigators_now(project), rules["review.min_investigators"].value),
        *_capital(project, rules),
        _grade(project.client),
        *_money(project),
    ]
    authority = None
    if all(check.passed for check in checks):
        authority = find_authority(project, exposure, rules)
        detail = format_committee_refusal(authority) if authority.needs_committee else format_level(authority.level)
        checks.append(Check("amount", _("Final authority"), not authority.needs_committee, detail))
    return Found(checks, authority, rules)


def check_gates(project: Project, frozen: Mapping[str, Any]) -> tuple[Authority, Rules]:
    """Refuse (RuleRefused, every field and reason) or say which authority must decide. `frozen`: the dossier."""
    found = find_gates(project, exposure=frozen["exposure"])
    errors: dict[str, list[Text]] = {}
    for gate in found.failed:
        errors.setdefault(gate.field, []).append(gate.detail)
    if errors or found.authority is None:
        raise RuleRefused(errors=errors, code="gates")
    return found.authority, found.rules


def list_overtaken(project: Project, rules: Rules) -> list[Check]:
    """What would no longer pass today: capital ratio and grade (rules 1.2, 1.8), which time or a new rule can break.

    `project` under review with client and standing, `rules` with `codes.TODAY`. No query.
    """
    return [gate for gate in (*_capital(project, rules), _grade(project.client)) if not gate.passed]


def _identity(client: Client) -> Check:
    if client.is_individual:
        number = client.identity_number or ""
        valid = not identifiers.identity_number(number, today=clock.today()).error
        reason = _("The client has no valid identity number.")
        return Check("client", _("Identity number"), valid, "" if valid else reason)
    code = client.credit_code or ""
    # One that deviates was filed with the paper of its register.
    valid = not identifiers.credit_code(code).error or bool(client.code_reason)
    reason = _("The client has no valid unified social credit code.")
    return Check("client", _("Unified social credit code"), valid, code if valid else reason)


def _investigators(people: Mapping[str, Person], wanted: int) -> Check:
    """Rules 1.1 (双人调查): lead and assistant, two different people who work here and hold the role today."""
    reasons = [why_unfit(part, person) for part, person in people.items()]
    if len(people) < wanted:
        reasons.append(
            _("Two different people must investigate a project: choose the lead and the assistant investigator.")
        )
    names = listed(person.name for person in people.values())
    return Check("investigators", _("Investigators"), not any(reasons), told(reasons) or names)


def _capital(project: Project, rules: Rules) -> Iterator[Check]:
    """Rules 1.8, for the products the catalogue marks."""
    product = next((row for row in rules["deal.products"].value if row["code"] == project.product), None)
    if product is None:
        yield Check("product", _("Product"), False, _("This product is no longer offered."))
        return
    if not product["capital_test"]:
        return
    found = capital_test(
        total_investment=project.total_investment,
        capital=project.capital,
        sector=project.sector,
        table=rules["capital.ratios"].value,
    )
    figures = {"ratio": share_cut(found.ratio), "minimum": share_cut(found.minimum)}
    words = {
        "passed": _("%(ratio)s, at least %(minimum)s"),
        "missing": _("Total investment and capital are needed for the capital ratio test."),
        "unknown_sector": _("The capital ratio table does not contain this sector."),
        "capital_above_total": _("The capital cannot be more than the total investment."),
        "below_minimum": _(
            "The capital is %(ratio)s of the total investment; this sector requires at least %(minimum)s."
        ),
    }
    field = "sector" if found.outcome == "unknown_sector" else "capital"
    yield Check(field, _("Project capital ratio"), found.passed, words[found.outcome] % figures)


def _grade(client: Client) -> Check:
    standing = getattr(client, "standing", None)
    name = _("Grade")
    if standing is None or not standing.grade:
        return Check("grade", name, False, _("The client has no rating yet."))
    if not standing.grade_is_valid:
        reason = _("The client's grade expired on %(day)s.") % {"day": standing.grade_until}
        return Check("grade", name, False, reason)
    until = _("%(grade)s until %(day)s") % {"grade": standing.grade, "day": standing.grade_until}
    return Check("grade", name, True, until)


def _money(project: Project) -> Iterator[Check]:
    if project.amount <= 0:
        yield Check("amount", _("Amount"), False, _("The amount must be more than zero."))
    if project.currency != HOME_CURRENCY:
        reason = _(
            "Only projects in yuan can be reviewed: a planning exchange rate cannot determine the approval authority."
        )
        yield Check("currency", _("Currency"), False, reason)
