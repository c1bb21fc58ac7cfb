"""A client's standing is seen with the client. No door writes it: upper apps tell it by their services."""

from typing import Any

from django.db.models import Q

from clients.file.models import Client
from clients.standing.models import Standing, StandingFact
from crm.kernel.access.policies import NOBODY, Decision, Policy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at


class _WithClient(Policy):
    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("client", Client, person) if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action != "view" or obj is None:
            return Decision(action == "view")
        return Decision(Client.objects.visible_to(person).filter(pk=obj.client_id).exists())


@policy_for(Standing)
class StandingPolicy(_WithClient):
    pass


@policy_for(StandingFact)
class StandingFactPolicy(_WithClient):
    pass
