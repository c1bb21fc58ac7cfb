"""The models of every wing, for Django."""

from projects.cashflow.models import CashflowModel
from projects.deals.models import Investigator, Project, ProjectDocument, ProjectEditor, ProjectGrant
from projects.deals.signatures import ReportSignature
from projects.facilities.models import Facility, FacilityBalance
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee

__all__ = [
    "CapitalPayment",
    "CashflowModel",
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
]
