"""The models of every wing, for Django."""

from projects.deals.models import Investigator, Project, ProjectDocument, ProjectEditor, ProjectGrant
from projects.deals.signatures import ReportSignature
from projects.facilities.models import Facility, FacilityBalance

__all__ = [
    "Facility",
    "FacilityBalance",
    "Investigator",
    "Project",
    "ProjectDocument",
    "ProjectEditor",
    "ProjectGrant",
    "ReportSignature",
]
