"""Closed quarters as evidence, with the sheet of each person, and the corrections entered later."""

from crm.kernel.declarations.evidence import Evidence, register
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult

register(
    Evidence(
        KpiPeriod,
        (
            "code",
            "starts_on",
            "ends_on",
            "closed_by",
            "closed_at",
            "people",
            "inputs_sha256",
            "results_sha256",
            "kept_words",
        ),
        acts=("kpi_period.closed",),
        condition="t.closed_at IS NOT NULL",
    ),
    Evidence(
        KpiResult,
        (
            "period",
            "person",
            "department",
            "post",
            "scheme",
            "points",
            "measured",
            "document",
            "document_sha256",
            "computed_at",
            "kept_words",
        ),
        acts=("kpi_period.closed",),
        condition="EXISTS (SELECT FROM staff_kpiperiod p WHERE p.id = t.period_id AND p.closed_at IS NOT NULL)",
    ),
    Evidence(
        KpiCorrection,
        (
            "period",
            "appears_in",
            "person",
            "measure",
            "points",
            "before",
            "after",
            "reason",
            "entered_by",
            "entered_at",
            "kept_words",
        ),
        acts=("kpi_result.corrected",),
    ),
)
