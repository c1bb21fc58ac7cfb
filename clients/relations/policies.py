"""Who sees interactions, records and plans them, corrects, adds to them, and settles what was promised."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import HELPERS, managed
from clients.relations.models import ContactPlan, Interaction, InteractionNote, Participant, Promise
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at

WORK, CORRECT, SETTLE = "work", "correct", "settle"
REASONS: dict[str, Text] = {
    "create": _("Interactions are recorded by the client's account manager and co-managers."),
    WORK: _("Only the client's account manager and co-managers can continue this interaction."),
    CORRECT: _("Only the person who recorded the interaction can correct it; others add a note."),
    SETTLE: _("A promise is settled by its owner and by the client's account manager or co-managers."),
}


@policy_for(Interaction)
class InteractionPolicy(RowPolicy):
    """view: who sees the client. work (hold, cancel, write minutes, add, promise): who works on the client.

    correct: who recorded it and still works on the client.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        if action == WORK:
            return managed(person, "client__")
        if action == CORRECT:
            return Q(recorded_by=person.pk) & managed(person, "client__")
        return NOBODY

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and bool(person.roles & HELPERS)), action)


@policy_for(Promise)
class PromisePolicy(RowPolicy):
    """view: who sees the client. settle: who has it to do, and who works on the client."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("interaction__client", Client, person)
        if action == SETTLE:
            return Q(owner=person.pk) | managed(person, "interaction__client__")
        return NOBODY

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")


class _PartPolicy(RowPolicy):
    """A part of an interaction is seen by who sees the client."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("interaction__client", Client, person) if action == "view" else NOBODY

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")


@policy_for(Participant)
class ParticipantPolicy(_PartPolicy):
    """See `_PartPolicy`."""


@policy_for(InteractionNote)
class InteractionNotePolicy(_PartPolicy):
    """See `_PartPolicy`."""


@policy_for(ContactPlan)
class ContactPlanPolicy(RowPolicy):
    """view: who sees the client. Only the system writes it."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("client", Client, person) if action == "view" else NOBODY

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")
