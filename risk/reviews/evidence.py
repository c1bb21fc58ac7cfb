"""What reviews leave as evidence: the dossiers, the decisions with what they asked for, the declarations."""

from crm.kernel.declarations.evidence import Evidence, register
from risk.reviews.hearings import Rehearing, RehearingDocument
from risk.reviews.models import ConflictDeclaration, Decision, ReturnItem, ReviewRound
from risk.reviews.prolongations import Prolongation

register(
    Evidence(
        ReviewRound,
        (
            "case",
            "number",
            "dossier",
            "dossier_sha256",
            "starts_at",
            "carried",
            "opened_by",
            "opened_at",
            "kept_words",
        ),
        acts=("review.submitted",),
    ),
    Evidence(
        Decision,
        (
            "case",
            "round",
            "stage",
            "step",
            "verb",
            "person",
            "account_id",
            "opinion",
            "reason_code",
            "target_stage",
            "return_due_on",
            "amount",
            "term_months",
            "draw_months",
            "dossier_sha256",
            "rule_versions",
            "decided_at",
            "kept_words",
            "principal",
            "cover",
        ),
        acts=("review.decided",),
    ),
    Evidence(Rehearing, ("case", "round", "new_facts", "asked_by", "asked_at", "kept_words"), acts=("review.reheard",)),
    Evidence(RehearingDocument, ("rehearing", "document"), acts=("review.reheard",)),
    Evidence(
        Prolongation,
        ("case", "round", "valid_before", "valid_until", "reason", "granted_by", "granted_at", "kept_words"),
        acts=("review.prolonged",),
    ),
    Evidence(ReturnItem, ("decision", "order", "text"), acts=("review.decided",)),
    Evidence(
        ConflictDeclaration,
        ("case", "client", "person", "has_conflict", "text", "declared_at", "kept_words"),
        acts=("review.declared", "review.decided"),
    ),
)
