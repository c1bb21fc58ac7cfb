"""Reads for amendments: the decided terms, the project as it would be, what an extension may add, the rows to list."""

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.workdays import clock
from projects.deals.models import Project, ProjectDocument
from risk.amendments.models import AMENDMENT, FIELDS, Amendment, TermsVersion
from risk.ratings.rules.validity import add_months
from risk.reviews.models import ReviewCase
from risk.reviews.selectors.terms import with_approved_terms
from risk.reviews.workflow import DEAL, WITHDRAWABLE


def read_decided(project: Project) -> dict[str, Any]:
    """Each of `FIELDS` as it is decided now: less than was asked for where the approval was for less."""
    decided = with_approved_terms(project)
    return {name: getattr(decided, name) for name in FIELDS}


def to_plain(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Terms as JSON keeps them; an amount or a rate as text with the places of its column."""
    return {name: _plain(name, value) for name, value in terms.items()}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        places = getattr(Project._meta.get_field(name), "decimal_places", 2)
        return str(value.quantize(Decimal(1).scaleb(-places)))
    return value


def from_plain(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Terms as the project's columns hold them."""
    columns = {field.name: field for field in Project._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in terms.items()}


def with_changes(project: Project, changes: Mapping[str, Any]) -> Project:
    """The project as it would be: a copy with the decided terms and these changes, never saved."""
    changed = copy(with_approved_terms(project))
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def get_amendment(case: ReviewCase) -> Amendment:
    """What the present round of a case asks for."""
    return Amendment.objects.get(case=case, round=case.round)


def why_not_in_force(project: Project) -> Text:
    """Why there is no approval to be changed; empty where there is one."""
    if not project.is_binding:
        return _("Only an approved project is changed this way.")
    last = project.valid_until
    if project.contracted_on is None and last is not None and last < clock.today():
        return _("The approval is no longer valid.")
    return ""


def find_running(project: Project) -> ReviewCase | None:
    """The amendment of a project that is in review or was returned. One query."""
    return ReviewCase.objects.filter(project=project, kind=AMENDMENT, status__in=WITHDRAWABLE).first()


def get_application(project: Project) -> ReviewCase:
    """The case that approved the project."""
    return ReviewCase.objects.get(project=project, kind=DEAL)


def list_papers(project: Project) -> QuerySet[ProjectDocument]:
    """The papers of a change that were added since the terms were decided last."""
    papers = ProjectDocument.objects.filter(
        project=project, kind=ProjectDocument.Kind.AMENDMENT, removed_at__isnull=True
    )
    since = _decided_at(project)
    return papers.filter(added_at__gt=since) if since is not None else papers


def _decided_at(project: Project) -> datetime | None:
    last = TermsVersion.objects.filter(project=project).order_by("-number").values_list("decided_at", flat=True).first()
    return last or get_application(project).closed_at


def find_maturity(project: Project) -> date | None:
    """The last day of a loan whose contract is signed, counted from the day on which the contract was filed."""
    if project.contracted_on is None:
        return None
    return add_months(project.contracted_on, project.approved_term_months or project.term_months)


def find_first_term(project: Project) -> int:
    """The term in months with which the contract was signed."""
    signed = project.contracted_on
    rows = TermsVersion.objects.filter(project=project).select_related("amendment").order_by("number")
    for row in rows:
        if signed is not None and row.decided_at.astimezone(clock.SHANGHAI).date() >= signed:
            return int(row.amendment.before["term_months"])
    return int(project.approved_term_months or project.term_months)


def list_amendments(*, viewer: Viewer) -> QuerySet[Amendment]:
    """The requested changes this person may see, newest first."""
    rows = Amendment.objects.visible_to(viewer)
    return rows.select_related("case__project__client", "asked_by", "version").order_by("-asked_at", "-pk")
