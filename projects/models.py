"""The models of every wing, for Django."""

from projects.deals.models import Investigator, Project, ProjectDocument, ProjectEditor, ProjectGrant
from projects.deals.signatures import ReportSignature
from projects.facilities.models import Facility, FacilityBalance
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee
from projects.series.models import Series, SeriesMember, SeriesPeriod

__all__ = [
    "CapitalPayment",
    "Contract",
    "Drawdown",
    "Facility",
    "FacilityBalance",
    "Investigator",
    "Payee",
    "Project",
    "ProjectDocument",
    "ProjectEditor",
    "ProjectGrant",
    "ReportSignature",
    "Series",
    "SeriesMember",
    "SeriesPeriod",
]
