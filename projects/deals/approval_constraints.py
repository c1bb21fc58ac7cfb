"""What the database holds of an approval: never more than was asked, and a last day, contract or lapse that fit."""

from django.db import models
from django.db.models import F, Q

APPROVAL_CONSTRAINTS = [
    models.CheckConstraint(
        condition=~Q(status="approved")
        | (Q(approved_amount__isnull=True) | Q(approved_amount__gt=0, approved_amount__lte=F("amount")))
        & (
            Q(approved_term_months__isnull=True)
            | Q(approved_term_months__gte=1, approved_term_months__lte=F("term_months"))
        ),
        name="projects_project_approved_within_asked",
    ),
    models.CheckConstraint(
        condition=Q(valid_until__isnull=True, contracted_on__isnull=True, lapsed_on__isnull=True)
        | Q(status="approved", lapsed_on__isnull=True)
        | Q(status="lapsed", contracted_on__isnull=True, lapsed_on__gt=F("valid_until")),
        name="projects_project_validity_of_an_approval",
    ),
    models.CheckConstraint(
        condition=~Q(status="lapsed") | Q(lapsed_on__isnull=False), name="projects_project_lapsed_has_day"
    ),
]
