"""What a gate found, in words: label, sentence and legal basis, from the codes and figures of a verdict."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from projects.deals.models import Project, ProjectDocument

MONEY = frozenset({"amount", "total", "counted", "other", "room", "excess", "dropped", "limit", "free"})


def label_of(gate: str) -> str:
    """The gate's name."""
    if gate.startswith("document_"):
        return str(ProjectDocument.Kind(gate.removeprefix("document_")).label)
    return _labels()[gate]


def sentence_of(outcome: str, figures: Mapping[str, str]) -> str:
    """What was found, with its figures; empty where the label says it all. Amounts in 万元 with unit."""
    shown: dict[str, str] = dict(figures)
    for name in MONEY & set(shown):
        shown[name] = numbers.money_wan(Decimal(shown[name]))
    if "fields" in shown:
        names = [str(Project._meta.get_field(name).verbose_name) for name in shown["fields"].split(",")]  # type: ignore[union-attr]
        shown["fields"] = listed(names)
    if outcome.startswith("document_"):
        shown["kind"] = str(ProjectDocument.Kind(shown["kind"]).label)
    if outcome == "approval_given":
        shown["kind"] = str(Project.ApprovalKind(shown["kind"]).label)
    text = _sentences()[outcome] % shown
    return " ".join([text, *_asides(outcome, figures, shown)]).strip()


def _asides(outcome: str, figures: Mapping[str, str], shown: Mapping[str, str]) -> list[str]:
    """What is said of a capital ratio besides, where it applies."""
    if not outcome.startswith("capital_") or "regulatory" not in figures:
        return []
    found = []
    if figures.get("institution"):
        found.append(_("Regulator %(regulatory)s, institution %(institution)s.") % shown)
    if Decimal(figures.get("dropped") or 0):
        found.append(_("Counted capital %(counted)s; %(dropped)s does not count.") % shown)
    if figures.get("cut") not in (None, "0.00%"):
        found.append(_("The minimum includes a reduction of %(cut)s.") % shown)
    if not figures.get("by"):
        found.append(_("Provisional: by today's ratios, because the project has no approval date yet."))
    return found


def basis_of(basis: Mapping[str, str]) -> str:
    """The legal basis in the reader's language."""
    return basis["zh"] if (get_language() or "zh").startswith("zh") else basis["en"]


def waiver_words(waiver: Mapping[str, Any]) -> str:
    """Who waived a gate, why and until when; `waiver` as the dossier keeps it."""
    return _("Waived by %(name)s (%(level)s) until %(until)s: %(reason)s") % {
        "name": waiver["name"],
        "level": AuthorityLevel(waiver["level"]).label,
        "until": waiver["until"],
        "reason": waiver["reason"],
    }


def _labels() -> dict[str, str]:
    return {
        "identity": _("Client's identity"),
        "investigators": _("Investigators"),
        "product": _("Product"),
        "grade": _("Grade"),
        "currency": _("Currency"),
        "purpose": _("Purpose"),
        "terms": _("Price and terms"),
        "funding": _("Amount within the funding gap"),
        "capital_ratio": _("Project capital ratio"),
        "short_board": _("Reduction for short-board infrastructure"),
        "project_approval": _("Project approval"),
        "term": _("Term"),
        "sector": _("Sector and client's industry"),
        "report_signed": _("Due-diligence report signed"),
        "limit": _("Credit limit"),
        "limit_room": _("Exposure within the credit limit"),
        "authority": _("Final authority"),
    }


def _sentences() -> dict[str, str]:
    return {
        "person_known": _("The identity number is valid."),
        "person_unknown": _("The client has no valid identity number."),
        "firm_known": "%(code)s",
        "firm_unknown": _("The client has no valid unified social credit code."),
        "limit_missing": _("No credit limit was decided for this client."),
        "limit_ended": _("The credit limit of %(limit)s ended on %(day)s."),
        "limit_in_force": _("%(limit)s until %(day)s"),
        "limit_fits": _("Exposure with this project %(total)s of the limit %(limit)s; %(free)s stays free."),
        "limit_exceeded": _(
            "Exposure with this project %(total)s is %(excess)s above the credit limit %(limit)s; at most %(room)s "
            "fits."
        ),
        "investigators_named": "%(names)s",
        "investigators_unfit": "%(why)s",
        "product_offered": "",
        "product_dropped": _("This product is no longer offered."),
        "grade_missing": _("The client has no rating yet."),
        "grade_expired": _("The client's grade expired on %(day)s."),
        "grade_valid": _("%(grade)s until %(day)s"),
        "currency_yuan": "",
        "currency_foreign": _(
            "Only projects in yuan can be reviewed: a planning exchange rate cannot determine the approval authority."
        ),
        "purpose_given": "",
        "purpose_short": _("State the purpose in at least %(least)s characters; it has %(length)s."),
        "terms_given": "",
        "terms_missing": _("Still to be stated: %(fields)s."),
        "funding_fits": _(
            "%(amount)s, at most %(room)s: total investment %(total)s, counted capital %(counted)s, other sources "
            "%(other)s."
        ),
        "funding_missing": _("Total investment and capital are needed to tell how much may be lent."),
        "funding_exceeded": _(
            "%(amount)s is %(excess)s more than the project needs: total investment %(total)s less counted capital "
            "%(counted)s and other sources %(other)s leaves %(room)s."
        ),
        "capital_passed": _("%(ratio)s, at least %(minimum)s."),
        "capital_missing": _("Total investment and capital are needed for the capital ratio test."),
        "capital_unknown_sector": _("The capital ratio table does not contain this sector."),
        "capital_capital_above_total": _("The capital cannot be more than the total investment."),
        "capital_below_minimum": _(
            "The capital is %(ratio)s of the total investment; this sector requires at least %(minimum)s."
        ),
        "short_board_unapproved": _("A reduction of %(points)s percentage points must be approved: %(reason)s"),
        "short_board_sector": _("The minimum of this sector cannot be reduced."),
        "short_board_too_much": _("The minimum can be reduced by at most %(most)s percentage points."),
        "short_board_no_reason": _("State the reason for the reduction of %(points)s percentage points."),
        "approval_given": _("%(kind)s, %(no)s of %(day)s"),
        "approval_missing": _("Kind, number and date of the project's approval are needed."),
        "term_passed": _("%(months)s months, normally at most %(normal)s."),
        "term_unbound": _("%(months)s months."),
        "term_explained": _("%(months)s months, normally at most %(normal)s. Reason: %(reason)s"),
        "term_reason_missing": _(
            "%(months)s months is longer than the normal %(normal)s for this product: state the reason."
        ),
        "term_above_longest": _("%(months)s months is longer than the longest term of this product, %(longest)s."),
        "sector_fits": "",
        "sector_explained": _("The sector is unusual for a client of division %(division)s. Reason given: %(reason)s"),
        "sector_unexplained": _("The sector is unusual for a client of division %(division)s: state the reason."),
        "document_present": "",
        "document_missing": _("Attach: %(kind)s."),
        "report_signed": "%(names)s",
        "report_unsigned": _("Still to sign the due-diligence report: %(names)s."),
        "authority_found": "%(level)s",
    }
