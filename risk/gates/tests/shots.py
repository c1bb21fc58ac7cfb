"""Pictures of waivers: asked for, waiting for the decision, in the admin site; and the report to be signed."""

from typing import Any

from risk.gates.models import GateWaiver
from tools.shots.page import Page

PAGES = (
    Page("22-waiver-ask", "risk:gate_waiver_ask", of="waiver_project"),
    Page("22-waiver-decide", "risk:gate_waiver", "hanzhiyuan", of="waiver_asked"),
    Page("22-waiver-given", "risk:gate_waiver", "hanzhiyuan", of="waiver_given"),
    Page("33-admin-waivers", "admin:risk_gatewaiver_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's waiver that waits, the one that was given, and the deal of the first."""
    asked = GateWaiver.objects.filter(status=GateWaiver.Status.ASKED).earliest("pk")
    given = GateWaiver.objects.filter(status=GateWaiver.Status.GRANTED).earliest("pk")
    return {"waiver_asked": (asked.pk,), "waiver_given": (given.pk,), "waiver_project": (asked.project_id,)}
