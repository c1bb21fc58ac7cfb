"""The models of every wing, for Django."""

from projects.deals.models import Investigator, Project, ProjectDocument, ProjectEditor, ProjectGrant
from projects.deals.signatures import ReportSignature

__all__ = ["Investigator", "Project", "ProjectDocument", "ProjectEditor", "ProjectGrant", "ReportSignature"]
