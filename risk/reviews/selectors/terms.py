"""The terms of a case: asked in the dossier, carried by its approvals, and the deal as it would be with them."""

from collections.abc import Iterable, Mapping
from copy import copy
from decimal import Decimal
from typing import Any

from django.db.models import Q

from projects.deals.models import Project
from risk.reviews.models import Decision, ReviewCase, ReviewRound
from risk.reviews.rules.terms import Terms, find_ceiling
from risk.reviews.selectors.dossier import open_dossier
from risk.reviews.workflow import APPROVALS


def read_asked(dossier: Mapping[str, Any]) -> Terms:
    """What was asked for, as the dossier keeps it."""
    project = dossier["project"]
    draw = project.get("draw_months")
    return Terms(Decimal(project["amount"]), int(project["term_months"]), int(draw) if draw else None)


def read_carried(decisions: Iterable[Decision]) -> list[Terms]:
    """What these decisions carry; those written before terms were carried say nothing."""
    return [
        Terms(one.amount, one.term_months, one.draw_months)
        for one in decisions
        if one.amount is not None and one.term_months is not None
    ]


def find_case_ceiling(case: ReviewCase, found: ReviewRound) -> Terms:
    """The most that the present stage may carry. One query: the approvals of the stages before."""
    standing = [int(pk) for pk in found.carried.values()]
    earlier = Decision.objects.filter(Q(round=case.round) | Q(pk__in=standing), case=case, verb__in=APPROVALS).exclude(
        stage=case.stage
    )
    return find_ceiling(read_asked(open_dossier(found)), read_carried(earlier))


def with_approved_terms(project: Project) -> Project:
    """An approved deal as it was approved; as asked for where its approval is older than the approved terms."""
    asked = Terms(project.amount, project.term_months, project.draw_months)
    terms = Terms(
        project.approved_amount or asked.amount,
        project.approved_term_months or asked.term_months,
        project.approved_draw_months or asked.draw_months,
    )
    return with_terms(project, terms)


def with_terms(project: Project, terms: Terms) -> Project:
    """The deal as it would be with these terms: a copy that is asked about and never saved."""
    changed = copy(project)
    changed.amount, changed.term_months, changed.draw_months = terms.amount, terms.term_months, terms.draw_months
    return changed
