"""The words that go with a deal and its documents, checked as the deal's own; and the terms of a deal in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.access.errors import BadInput, Text
from crm.kernel.access.inputs import checked, text_problem
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from projects.deals.models import Project, ProjectDocument

LONGEST_TITLE = 120
LONGEST_REASON = 500


def document_text(*, kind: str, title: str, file_name: str) -> tuple[str, str]:
    """Kind and title, cleaned; an empty title becomes the file's name without its extension. BadInput names fields."""
    title = (title or "").strip() or file_name.rpartition(".")[0][:LONGEST_TITLE]
    clean = checked(ProjectDocument, {"kind": kind, "title": title}, allowed=("kind", "title"))
    return clean["kind"], " ".join(clean["title"].split())


def withdrawal_reason(reason: str) -> str:
    """Why a draft is withdrawn, without blanks at both ends. BadInput where nothing sound is said."""
    reason = (reason or "").strip()
    problem = text_problem(reason) if reason else _("State why the project is withdrawn.")
    if len(reason) > LONGEST_REASON:
        problem = _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}
    if problem:
        raise BadInput(problem, field="reason")
    return reason


CHOICES: dict[str, Any] = {
    "approval_kind": Project.ApprovalKind,
    "rate_kind": Project.RateKind,
    "repayment": Project.Repayment,
    "security_kinds": Project.SecurityKind,
}
AMOUNTS = ("capital_know_how", "capital_instruments", "capital_not_counted", "other_sources")
REASONS = ("term_reason", "short_board_reason", "sector_reason")


def describe_term_value(name: str, value: Any) -> str:
    """One of the terms as people read it; `value` as the model or the dossier holds it, not empty."""
    if name in CHOICES:
        codes = value.split(",") if isinstance(value, str) else value
        return listed(str(CHOICES[name](code).label) for code in codes)
    if name in AMOUNTS:
        return numbers.money_wan(Decimal(value))
    if name in ("draw_months", "validity_months"):
        return ngettext("%(count)d month", "%(count)d months", int(value)) % {"count": int(value)}
    if name == "rate_spread_bp":
        return _("%(points)s bp") % {"points": f"{int(value):+d}"}
    if name == "rate_fixed":
        return f"{Decimal(value).normalize():f}%"
    if name == "short_board_points":
        return _("%(points)s percentage points") % {"points": f"{Decimal(value).normalize():f}"}
    if name == "is_fully_margined":
        return _("yes") if value else _("no")
    return str(value)


def describe_price(facts: Mapping[str, Any]) -> str:
    """`1-year LPR with a spread, -20 bp`; empty while none is stated."""
    names = [name for name in ("rate_kind", "rate_spread_bp", "rate_fixed") if facts.get(name) not in (None, "")]
    return listed(describe_term_value(name, facts[name]) for name in names)


def describe_terms(facts: Mapping[str, Any]) -> list[tuple[Text, str]]:
    """The terms that a decision is about, as (label, value), without those that are empty. `facts`: the deal's or the
    dossier's.
    """

    def row(name: str) -> list[tuple[Text, str]]:
        value = facts.get(name)
        if value in (None, "", [], False):
            return []
        return [(capfirst(Project._meta.get_field(name).verbose_name), describe_term_value(name, value))]  # type: ignore[union-attr]

    price = describe_price(facts)
    approval = [describe_term_value(name, facts[name]) for name in ("approval_kind", "approval_no") if facts.get(name)]
    if facts.get("approval_date"):
        approval.append(str(facts["approval_date"]))
    names = ("repayment", "security_kinds", "is_fully_margined", "draw_months", "validity_months", *AMOUNTS)
    return [
        *([(_("Price"), price)] if price else []),
        *[found for name in names for found in row(name)],
        *([(_("Project approval"), listed(approval))] if approval else []),
        *[found for name in ("short_board_points", *REASONS) for found in row(name)],
    ]
