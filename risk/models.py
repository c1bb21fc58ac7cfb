"""The models of the risk wings, listed for Django, which looks no deeper."""

from risk.amendments.models import Amendment, TermsVersion
from risk.committee.models import AgendaItem, Attendance, Meeting, Vote
from risk.gates.models import GateWaiver
from risk.identity.models import IdentityChange
from risk.indicators.models import NightRun, WarningEpisode, WarningObservation
from risk.limits.models import CreditLimit
from risk.ratings.models import Rating
from risk.reviews.hearings import Rehearing, RehearingDocument
from risk.reviews.models import (
    CaseCounter,
    Condition,
    ConflictDeclaration,
    Decision,
    ReturnItem,
    ReviewCase,
    ReviewRound,
    ReviewSeat,
)
from risk.reviews.prolongations import Prolongation

__all__ = [
    "AgendaItem",
    "Amendment",
    "Attendance",
    "CaseCounter",
    "Condition",
    "ConflictDeclaration",
    "CreditLimit",
    "Decision",
    "GateWaiver",
    "IdentityChange",
    "Meeting",
    "NightRun",
    "Prolongation",
    "Rating",
    "Rehearing",
    "RehearingDocument",
    "ReturnItem",
    "ReviewCase",
    "ReviewRound",
    "ReviewSeat",
    "TermsVersion",
    "Vote",
    "WarningEpisode",
    "WarningObservation",
]
