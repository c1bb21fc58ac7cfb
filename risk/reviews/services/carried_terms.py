"""What an approval carries, and the condition that a reduced amount brings with it (rules-2 7.3)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from crm.kernel.access.errors import RuleRefused, Text
from crm.kernel.text import numbers
from projects.deals.rules.funding import check_funding
from risk.gates.selectors.findings import FIXED, counted_capital
from risk.reviews.models import Condition, Decision
from risk.reviews.orders import Order
from risk.reviews.rules.terms import Problem, Terms, carry_terms, find_gap
from risk.reviews.selectors.gates import Rules
from risk.reviews.selectors.terms import find_case_ceiling
from risk.reviews.services.locks import Held


def find_terms(held: Held, order: Order) -> Terms:
    """The terms that the order carries. RuleRefused names each that is zero, negative or above the ceiling."""
    ceiling = find_case_ceiling(held.case, held.round)
    terms, problems = carry_terms(
        ceiling, amount=order.amount, term_months=order.term_months, draw_months=order.draw_months
    )
    if problems:
        errors: dict[str, list[Text]] = {
            name: [_describe(name, problem, ceiling)] for name, problem in problems.items()
        }
        raise RuleRefused(errors=errors, code="terms")
    return terms


def _describe(name: str, problem: Problem, ceiling: Terms) -> Text:
    if problem == "draw_above_term":
        return _("The draw-down period cannot be longer than the term.")
    if problem == "not_positive":
        return _("The amount must be more than zero.") if name == "amount" else _("At least 1 month.")
    most = getattr(ceiling, name)
    if name == "amount":
        return _("At most %(most)s: that is what was asked for or what the earlier stage carried.") % {
            "most": numbers.money_wan(most)
        }
    return _("At most %(most)d months: that is what was asked for or what the earlier stage carried.") % {"most": most}


def require_gap_closed(held: Held, decision: Decision, terms: Terms, rules: Rules) -> Condition | None:
    """A reduced amount leaves a gap in the funding of a fixed-asset deal, which the sponsors must close before a draw.

    The condition is the decision's own, a blocking condition precedent of the account manager; None where no gap is.
    """
    project = held.proposed
    if terms.amount >= project.amount or project.total_investment is None:
        return None
    product = next((row for row in rules["deal.products"].value if row["code"] == project.product), None)
    counted = counted_capital(project, rules)
    if product is None or product["kind"] != FIXED or counted is None:
        return None
    funding = check_funding(
        amount=terms.amount,
        total_investment=project.total_investment,
        counted=counted.total,
        other_sources=project.other_sources or Decimal(0),
    )
    gap = find_gap(need=funding.room, amount=terms.amount)
    if not gap:
        return None
    return Condition.objects.create(
        case=held.case,
        created_by=decision,
        owner=project.client.owner,
        kind=Condition.Kind.PRECEDENT,
        blocking=True,
        text=_("Funding gap closed: the sponsors bring %(gap)s and prove it.") % {"gap": numbers.money_wan(gap)},
        due_text=_("before the first draw-down"),
    )
