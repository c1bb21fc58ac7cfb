"""What the database holds of the terms that an approval carries."""

from django.db import models
from django.db.models import F, Q

from risk.reviews.workflow import APPROVALS

CARRIED_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(amount__isnull=True, term_months__isnull=True, draw_months__isnull=True)
        | Q(verb__in=APPROVALS, amount__gt=0, term_months__gte=1),
        name="risk_decision_terms_of_approvals",
    ),
    models.CheckConstraint(
        condition=Q(draw_months__isnull=True) | Q(draw_months__gte=1, draw_months__lte=F("term_months")),
        name="risk_decision_draw_within_term",
    ),
]
