"""Waivers that were given, as evidence."""

from crm.kernel.declarations.evidence import Evidence, register
from risk.gates.models import GateWaiver

register(
    Evidence(
        GateWaiver,
        (
            "project",
            "gate",
            "level",
            "status",
            "asked_of",
            "asked_by",
            "asked_reason",
            "decided_by",
            "decided_level",
            "decided_at",
            "reason",
            "expires_on",
        ),
        acts=("gate_waiver.granted",),
        condition="t.status = 'granted'",
    ),
)
