"""Reads of waivers: what may be waived, by whom, and what was."""

from django.db.models import QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from projects.deals.models import Investigator, Project, ProjectEditor
from risk.gates.models import GateWaiver
from risk.gates.policies import DECIDE
from risk.gates.rules.verdicts import WAIVABLE, WaiverFact

SHOWN_WITH = ("project__client__owner", "asked_of", "asked_by", "decided_by")


def list_waivers(*, viewer: Viewer) -> QuerySet[GateWaiver]:
    """Waivers this person may see, newest first."""
    return GateWaiver.objects.visible_to(viewer).select_related(*SHOWN_WITH).order_by("-asked_at", "-id")


def shown_waivers() -> QuerySet[GateWaiver]:
    """Waivers with all that the page of one needs; the page asks for visibility."""
    return GateWaiver.objects.select_related(*SHOWN_WITH)


def waiting_for(*, viewer: Viewer) -> QuerySet[GateWaiver]:
    """Requests this person may decide, oldest first."""
    return GateWaiver.objects.visible_to(viewer, DECIDE).select_related("project").order_by("asked_at", "id")


def map_waivable(product: str) -> dict[str, int]:
    """Gate → the level that may waive it for this product, by the rule set of today. One query."""
    rows = parameters.value("deal.gates").value["gates"]
    return {
        row["code"]: row["waived_by"]
        for row in rows
        if row["severity"] == WAIVABLE and (row["products"] is None or product in row["products"])
    }


def list_makers(project: Project) -> set[int]:
    """Everybody who works on the deal or ever wrote to it. Two queries."""
    people = {project.created_by_id, project.owner_id, project.client.owner_id}
    people |= set(ProjectEditor.objects.filter(project=project).values_list("person_id", flat=True))
    return people | set(Investigator.objects.filter(project=project).values_list("person_id", flat=True))


def list_deciders(project: Project, level: int) -> list[Person]:
    """Who may waive a gate of this level: approvers whose authority reaches it and who do not work on the deal."""
    grants = RoleGrant.objects.in_force().filter(role=Role.FINAL_APPROVER, authority_level__gte=level)
    people = Person.objects.filter(is_active=True, pk__in=grants.values("person_id")).exclude(
        pk__in=list_makers(project)
    )
    return list(people.select_related("department").order_by("name_pinyin"))


def map_standing(project: Project) -> dict[str, WaiverFact]:
    """Gate → the waiver that holds today. One given by who works on the deal by now does not count. One query."""
    makers = ProjectEditor.objects.filter(project=project).values("person_id")
    rows = GateWaiver.objects.filter(
        project=project, status=GateWaiver.Status.GRANTED, expires_on__gte=clock.today()
    ).exclude(decided_by__in=makers)
    return {
        row.gate: WaiverFact(
            waiver=row.pk,
            person=row.decided_by_id or 0,
            name=row.decided_by_name,
            level=row.decided_level or 0,
            reason=row.reason,
            until=row.expires_on or clock.today(),
        )
        for row in rows.order_by("expires_on", "pk")
    }
