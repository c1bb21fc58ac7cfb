"""Pictures of waivers: asked for, waiting for the decision, in the admin site; and the report to be signed."""

from typing import Any

from projects.deals.signatures import ReportSignature
from risk.gates.models import GateWaiver
from tools.shots.page import Page

PAGES = (
    Page("22-waiver-ask", "risk:gate_waiver_ask", of="waiver_project"),
    Page("22-waiver-decide", "risk:gate_waiver", "hanzhiyuan", of="waiver_asked"),
    Page("22-waiver-given", "risk:gate_waiver", "hanzhiyuan", of="waiver_given"),
    Page("22-report-sign", "projects:document_sign", of="report"),
    Page("33-admin-report-signatures", "admin:projects_reportsignature_changelist", "liangyawen"),
    Page("33-admin-waivers", "admin:risk_gatewaiver_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's waiver that waits, the one that was given, and the deal of the first."""
    asked = GateWaiver.objects.filter(status=GateWaiver.Status.ASKED).earliest("pk")
    given = GateWaiver.objects.filter(status=GateWaiver.Status.GRANTED).earliest("pk")
    report = ReportSignature.objects.filter(project__status="draft", person__name="林晓雯").earliest("pk")
    return {
        "report": (report.document_id,),
        "waiver_asked": (asked.pk,),
        "waiver_given": (given.pk,),
        "waiver_project": (asked.project_id,),
    }
