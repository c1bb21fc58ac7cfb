"""Pictures of a change of identity: proposed, waiting for the second person, in the admin site."""

from typing import Any

from clients.file.models import Client
from risk.identity.models import IdentityChange
from tools.shots.page import Page

PAGES = (
    Page("21-identity-propose", "risk:identity_propose", of="identity_client"),
    Page(
        "21-identity-propose-errors",
        "risk:identity_propose",
        of="identity_client",
        clicks=("form[method=post] .act-fill",),
    ),
    Page("21-identity-decide", "risk:identity_change", "chenguodong", of="identity_change"),
    Page("21-identity-waiting", "risk:identity_change", of="identity_change"),
    Page("21-identity-withdraw", "risk:identity_withdraw", of="identity_change"),
    Page("33-admin-identity-changes", "admin:risk_identitychange_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """A client of 林晓雯 that may be renamed, and the change that waits."""
    change = IdentityChange.objects.filter(status=IdentityChange.Status.PROPOSED).earliest("pk")
    bound = Client.objects.filter(owner__name="林晓雯", is_identity_bound=True).exclude(pk=change.client_id)
    return {"identity_change": (change.pk,), "identity_client": (bound.earliest("pk").pk,)}
