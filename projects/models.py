"""The models of every wing, for Django."""

from projects.deals.models import Investigator, Project, ProjectDocument, ProjectEditor, ProjectGrant

__all__ = ["Investigator", "Project", "ProjectDocument", "ProjectEditor", "ProjectGrant"]
