"""A warning is seen with its client. Who keeps the client answers; a second person, who does not work on it, closes."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import CHANGE, managed, of_department
from crm.kernel.access.policies import (
    ALLOWED,
    EVERYTHING,
    NOBODY,
    Decision,
    Policy,
    Viewer,
    policy_for,
    refused,
)
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from risk.indicators.models import NightRun, WarningEpisode, WarningObservation
from risk.ratings.policies import worked_on, works_on

NOT_A_KEEPER = _("The client's account manager or a co-manager must respond to this warning.")
NOT_A_CLOSER = _("Only the head of the client's department or a risk assessor can close this warning.")
WORKS_ON_IT = _("You work on this client or on one of its projects: a second person must close its warnings.")
ANSWERED_IT = _("You responded to this warning: a second person must close it.")
READS_NIGHTS = frozenset({Role.RISK_ASSESSOR, Role.AUDITOR, Role.SYSTEM_ADMIN})


def closable(person: Viewer) -> Q:
    """Clients whose warnings the person may close: of the department headed, or any for a risk assessor; none that
    the person works on.
    """
    scope = EVERYTHING if Role.RISK_ASSESSOR in person.roles else of_department(person)
    return scope & ~worked_on(person) if scope != NOBODY else NOBODY


@policy_for(WarningEpisode)
class WarningPolicy(Policy):
    """view: who sees the client. respond: owner and co-managers. close: head or risk assessor apart from the client."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        if action == "respond":
            mine = Client.objects.filter(managed(person))
            return Q(closed_on__isnull=True, responded_at__isnull=True, client__in=mine)
        if action == "close":
            ready = Q(responded_at__isnull=False) | Q(recovered_on__isnull=False)
            mine = Client.objects.visible_to(person).filter(closable(person))
            return Q(closed_on__isnull=True, client__in=mine) & ready & ~Q(responded_by_id=person.pk)
        return NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if obj is None:
            return Decision(False)
        if action == "respond":
            keeps = Client.objects.visible_to(person, CHANGE).filter(pk=obj.client_id).exists()
            return ALLOWED if keeps else refused(NOT_A_KEEPER)
        if action != "close":
            return Decision(False)
        if works_on(person, obj.client_id):
            return refused(WORKS_ON_IT)
        if obj.responded_by_id == person.pk:
            return refused(ANSWERED_IT)
        closes = Client.objects.filter(closable(person), pk=obj.client_id).exists()
        return ALLOWED if closes else refused(NOT_A_CLOSER)


@policy_for(WarningObservation)
class ObservationPolicy(Policy):
    """What happened to a warning is seen with it; no door writes it."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("warning", WarningEpisode, person) if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(action == "view")


@policy_for(NightRun)
class NightRunPolicy(Policy):
    """That the nights ran, and what they counted, is read by who answers for risk, for the house or for audit."""

    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING if action == "view" and person.roles & READS_NIGHTS else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        # Asked without a row it is the list, which is empty for everybody else.
        return Decision(action == "view" and (obj is None or bool(person.roles & READS_NIGHTS)))
