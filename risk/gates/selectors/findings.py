"""The facts of a deal held against the rules, gate by gate. No query: what is compared is handed in."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.file.rules import identifiers
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person
from crm.kernel.text.sentences import listed, told
from crm.kernel.workdays import clock
from projects.deals.investigators import why_unfit
from projects.deals.models import Project
from projects.deals.rules.capital import capital_test, find_minimum, share_cut
from projects.deals.rules.funding import CountedCapital, check_funding, count_capital
from projects.deals.rules.terms import check_term, is_sector_of
from projects.deals.signatures import REPORT
from risk.gates.rules.verdicts import DOCUMENTS, Finding

HOME_CURRENCY = "CNY"
FIXED = "fixed_asset"
REQUIRED_PARTS = ("lead", "assistant")
Rules = Mapping[str, ParameterValue]
# What the findings of a deal's own facts read; "capital.ratios" is that of the day of the decision.
CODES = (
    "deal.gates",
    "deal.products",
    "deal.terms",
    "deal.purpose_min_length",
    "deal.sector_divisions",
    "capital.ratios",
    "capital.counting",
    "capital.short_board",
)


def find_in_facts(project: Project, rules: Rules, regulatory: Any) -> Iterator[Finding]:
    """What the deal's own facts say. `project` with client, standing and industry; `regulatory`: `capital.ratios` of
    the day of the project's approval.
    """
    product = next((row for row in rules["deal.products"].value if row["code"] == project.product), None)
    yield Finding("product", "product", "product_offered" if product else "product_dropped", product is not None)
    yield _find_currency(project)
    yield _find_purpose(project, rules)
    yield _find_terms(project, product)
    yield _find_term(project, rules)
    if product is None:
        return
    yield _find_funding(project, rules)
    if product["capital_test"]:
        yield from _find_capital(project, rules, regulatory)
    yield _find_project_approval(project)
    if (sector := _find_sector(project, rules)) is not None:
        yield sector


def find_in_client(client: Client) -> Iterator[Finding]:
    """Who the client is, and its grade. `client` with standing."""
    if client.is_individual:
        valid = not identifiers.identity_number(client.identity_number or "", today=clock.today()).error
        yield Finding("identity", "client", "person_known" if valid else "person_unknown", valid)
    else:
        # One that deviates was filed with the paper of its register.
        valid = not identifiers.credit_code(client.credit_code or "").error or bool(client.code_reason)
        figures = {"code": client.credit_code or ""}
        yield Finding("identity", "client", "firm_known" if valid else "firm_unknown", valid, figures)
    yield find_grade(client)


def find_grade(client: Client) -> Finding:
    """Whether the client's grade holds today."""
    standing = getattr(client, "standing", None)
    if standing is None or not standing.grade:
        return Finding("grade", "grade", "grade_missing", False)
    figures = {"grade": standing.grade, "day": str(standing.grade_until)}
    outcome = "grade_valid" if standing.grade_is_valid else "grade_expired"
    return Finding("grade", "grade", outcome, standing.grade_is_valid, figures)


def find_limit(client: Client, exposure: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Whether a credit limit is in force, and whether the client's exposure with this deal stays within it.

    `exposure` as the dossier has it, None where it is not measured. A limit counts through its last day.
    """
    standing = client.standing
    if standing.limit is None or standing.limit_until is None:
        yield Finding("limit", "client", "limit_missing", False)
        return
    figures = {"limit": str(standing.limit), "day": str(standing.limit_until)}
    if standing.limit_until < clock.today():
        yield Finding("limit", "client", "limit_ended", False, figures)
        return
    yield Finding("limit", "client", "limit_in_force", True, figures)
    if exposure is None:
        return
    room = standing.limit - Decimal(exposure["existing"])
    figures |= {"total": exposure["total"], "room": str(max(room, Decimal(0)))}
    free = standing.limit - Decimal(exposure["total"])
    if free < 0:
        yield Finding("limit_room", "amount", "limit_exceeded", False, {**figures, "excess": str(-free)})
    else:
        yield Finding("limit_room", "amount", "limit_fits", True, {**figures, "free": str(free)})


def find_investigators(people: Mapping[str, Person], wanted: int) -> Finding:
    """Rules 1.1 (双人调查): lead and assistant, two different people who work here and hold the role today."""
    reasons = [why_unfit(part, person) for part, person in people.items()]
    if len(people) < wanted:
        reasons.append(
            _("Two different people must investigate a project: choose the lead and the assistant investigator.")
        )
    names = {"names": listed(person.name for person in people.values())}
    if any(reasons):
        return Finding("investigators", "investigators", "investigators_unfit", False, {"why": told(reasons)})
    return Finding("investigators", "investigators", "investigators_named", True, names)


def find_documents(documents: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Which kinds of document the deal has; the rule set says which it needs. `documents` as the dossier has them."""
    present = {row["kind"] for row in documents}
    for kind in DOCUMENTS:
        outcome = "document_present" if kind in present else "document_missing"
        yield Finding(f"document_{kind}", "documents", outcome, kind in present, {"kind": kind})


def find_signatures(documents: Sequence[Mapping[str, Any]], people: Mapping[str, Person]) -> Finding | None:
    """Whether both investigators of today signed one due-diligence report as it stands; None while there is no report
    or an investigator is missing: other gates say so.
    """
    reports = [row for row in documents if row["kind"] == REPORT]
    wanted = {person.pk: person.name for person in people.values()}
    if not reports or len(wanted) < len(REQUIRED_PARTS):
        return None
    signers = [{one["id"] for one in row["signatures"]} for row in reports]
    missing = min(([name for pk, name in wanted.items() if pk not in signed] for signed in signers), key=len)
    if missing:
        return Finding("report_signed", "documents", "report_unsigned", False, {"names": listed(missing)})
    return Finding("report_signed", "documents", "report_signed", True, {"names": listed(wanted.values())})


def counted_capital(project: Project, rules: Rules) -> CountedCapital | None:
    """The capital that counts, by its composition; None while none is entered."""
    if project.capital is None:
        return None
    return count_capital(
        capital=project.capital,
        know_how=project.capital_know_how or Decimal(0),
        instruments=project.capital_instruments or Decimal(0),
        not_counted=project.capital_not_counted or Decimal(0),
        shares=rules["capital.counting"].value,
    )


def _find_currency(project: Project) -> Finding:
    is_home = project.currency == HOME_CURRENCY
    return Finding("currency", "currency", "currency_yuan" if is_home else "currency_foreign", is_home)


def _find_purpose(project: Project, rules: Rules) -> Finding:
    least, length = int(rules["deal.purpose_min_length"].value), len(project.purpose.strip())
    outcome = "purpose_given" if length >= least else "purpose_short"
    return Finding("purpose", "purpose", outcome, length >= least, {"length": str(length), "least": str(least)})


def _find_terms(project: Project, product: Mapping[str, Any] | None) -> Finding:
    """Price, repayment, security and (fixed assets) the draw-down period: what a decision is about (art. 37)."""
    missing = [name for name in ("rate_kind", "repayment") if not getattr(project, name)]
    if project.secured and not project.security_kinds:
        missing.append("security_kinds")
    if product is not None and product["kind"] == FIXED and project.draw_months is None:
        missing.append("draw_months")
    if missing:
        return Finding("terms", missing[0], "terms_missing", False, {"fields": ",".join(missing)})
    return Finding("terms", "rate_kind", "terms_given", True)


def _find_term(project: Project, rules: Rules) -> Finding:
    found = check_term(
        product=project.product,
        months=project.term_months,
        has_reason=bool(project.term_reason),
        table=rules["deal.terms"].value,
    )
    figures = {"months": str(project.term_months)}
    figures |= {"normal": str(found.normal or ""), "longest": str(found.longest or "")}
    if found.outcome == "explained":
        figures["reason"] = project.term_reason or ""
    passed = found.outcome in ("passed", "explained", "unknown_product")
    field = "term_reason" if found.outcome == "reason_missing" else "term_months"
    outcome = "term_unbound" if passed and found.normal is None else f"term_{found.outcome}"
    return Finding("term", field, outcome, passed, figures, is_explained=found.outcome == "explained")


def _find_funding(project: Project, rules: Rules) -> Finding:
    counted = counted_capital(project, rules)
    if counted is None or not project.total_investment:
        field = "capital" if project.capital is None else "total_investment"
        return Finding("funding", field, "funding_missing", False)
    other = project.other_sources or Decimal(0)
    found = check_funding(
        amount=project.amount,
        total_investment=project.total_investment,
        counted=counted.total,
        other_sources=other,
    )
    figures = {
        "amount": str(project.amount),
        "total": str(project.total_investment),
        "counted": str(counted.total),
        "other": str(other),
        "room": str(found.room),
        "excess": str(found.excess),
    }
    return Finding("funding", "amount", "funding_fits" if found.passed else "funding_exceeded", found.passed, figures)


def _find_capital(project: Project, rules: Rules, regulatory: Any) -> Iterator[Finding]:
    """Rules 1.8: the ratio of the counted capital, and the reduction for short-board infrastructure where asked."""
    ratios, counted = rules["capital.ratios"].value, counted_capital(project, rules)
    cut = (project.short_board_points or Decimal(0)) / 100
    found = capital_test(
        total_investment=project.total_investment,
        capital=counted.total if counted else None,
        sector=project.sector,
        table=ratios,
        regulatory=regulatory,
        cut=cut,
    )
    least = find_minimum(project.sector, regulatory=regulatory, institution=ratios, cut=cut)
    figures = {"ratio": share_cut(found.ratio), "minimum": share_cut(found.minimum)}
    if least is not None:
        own = share_cut(least.institution) if least.institution is not None else ""
        figures |= {"regulatory": share_cut(least.regulatory), "institution": own, "cut": share_cut(cut)}
    if counted is not None:
        figures |= {"counted": str(counted.total), "dropped": str(counted.dropped)}
    figures["by"] = str(project.approval_date or "")
    field = "sector" if found.outcome == "unknown_sector" else "capital"
    yield Finding("capital_ratio", field, f"capital_{found.outcome}", found.passed, figures)
    if cut:
        yield _find_short_board(project, rules)


def _find_short_board(project: Project, rules: Rules) -> Finding:
    """A reduction is never granted by the rule itself: who may waive this gate approves it."""
    table = rules["capital.short_board"].value
    figures = {"points": f"{project.short_board_points:f}", "most": str(table["most_points"])}
    outcome = "short_board_unapproved"
    if project.sector not in table["sectors"]:
        outcome = "short_board_sector"
    elif (project.short_board_points or 0) > Decimal(table["most_points"]):
        outcome = "short_board_too_much"
    elif not project.short_board_reason:
        outcome = "short_board_no_reason"
    else:
        figures["reason"] = project.short_board_reason
    return Finding("short_board", "short_board_points", outcome, False, figures)


def _find_project_approval(project: Project) -> Finding:
    missing = [name for name in ("approval_kind", "approval_no", "approval_date") if not getattr(project, name)]
    if missing:
        return Finding("project_approval", missing[0], "approval_missing", False)
    figures = {"kind": str(project.approval_kind), "no": str(project.approval_no), "day": str(project.approval_date)}
    return Finding("project_approval", "approval_date", "approval_given", True, figures)


def _find_sector(project: Project, rules: Rules) -> Finding | None:
    """Whether the capital sector fits the division of the client's industry; None where it cannot be told."""
    division = (project.client.industry_id or "")[:2]
    fits = is_sector_of(division if division.isdigit() else "", project.sector, rules["deal.sector_divisions"].value)
    if fits is None:
        return None
    figures = {"division": division, "sector": project.sector}
    if fits:
        return Finding("sector", "sector", "sector_fits", True, figures)
    if project.sector_reason:
        figures["reason"] = project.sector_reason
        return Finding("sector", "sector_reason", "sector_explained", True, figures, is_explained=True)
    return Finding("sector", "sector_reason", "sector_unexplained", False, figures)
