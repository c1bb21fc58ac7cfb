"""Changes of identity as evidence: from what to what, why, on which document, and what became of it."""

from crm.kernel.declarations.evidence import Evidence, register
from risk.identity.models import IdentityChange

register(
    Evidence(
        IdentityChange,
        (
            "client",
            "former_name",
            "former_code",
            "former_type",
            "name",
            "credit_code",
            "client_type",
            "reason",
            "paper",
            "status",
            "proposed_by",
            "proposed_at",
            "decided_by",
            "decided_at",
            "decided_reason",
            "kept_words",
        ),
        acts=(
            "client.identity_proposed",
            "client.identity_confirmed",
            "client.identity_declined",
            "client.identity_withdrawn",
        ),
        once=False,
    ),
)
