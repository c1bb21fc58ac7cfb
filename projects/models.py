"""The models of every wing, for Django."""

from projects.cashflow.models import CashflowModel
from projects.deals.models import Investigator, Project, ProjectDocument, ProjectEditor, ProjectGrant
from projects.deals.signatures import ReportSignature
from projects.facilities.models import Facility, FacilityBalance
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee
from projects.series.models import Series, SeriesMember, SeriesPeriod
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan

__all__ = [
    "CapitalPayment",
    "CashflowModel",
    "Contract",
    "Drawdown",
    "Facility",
    "FacilityBalance",
    "Instalment",
    "Investigator",
    "Payee",
    "Project",
    "ProjectDocument",
    "ProjectEditor",
    "ProjectGrant",
    "Repayment",
    "RepaymentPart",
    "RepaymentPlan",
    "ReportSignature",
    "Series",
    "SeriesMember",
    "SeriesPeriod",
]
