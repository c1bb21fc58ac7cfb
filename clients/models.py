"""The models of the wings, listed for Django, which looks no deeper."""

from clients.calendar.models import CalendarFeed
from clients.file.models import Client, ClientGrant, Contact, Disclosure, Industry, Region
from clients.relations.models import ContactPlan, Interaction, InteractionNote, Participant, Promise
from clients.requests.models import RequestStep, ServiceRequest
from clients.standing.models import Standing, StandingFact
from clients.statements.models import Statement, StatementLine, StatementReason

__all__ = [
    "CalendarFeed",
    "Client",
    "ClientGrant",
    "Contact",
    "ContactPlan",
    "Disclosure",
    "Industry",
    "Interaction",
    "InteractionNote",
    "Participant",
    "Promise",
    "Region",
    "RequestStep",
    "ServiceRequest",
    "Standing",
    "StandingFact",
    "Statement",
    "StatementLine",
    "StatementReason",
]
