"""Examples of the API of financial statements, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NEW = OpenApiExample(
    "The statements of a year",
    request_only=True,
    value={
        "period_end": "2025-12-31",
        "months": 12,
        "scope": "parent",
        "unit": "yuan",
        "source": "manual",
        "received_on": "2026-04-20",
        "opinion": "unqualified",
        "auditor": "立信会计师事务所",
    },
)
FIGURES = OpenApiExample(
    "Cash and total assets",
    request_only=True,
    value={
        "expected_version": 1,
        "figures": [
            {"code": "A101", "column": "closing", "value": "66000000.00"},
            {"code": "A208", "column": "closing", "value": "180000000.00"},
        ],
    },
)
CHECK = OpenApiExample("Nothing to explain", request_only=True, value={"reasons": [], "expected_version": 2})
NOTHING = OpenApiExample("Confirm", request_only=True, value={"expected_version": 3})
WHY = OpenApiExample("A reason", request_only=True, value={"reason": "审计后调整收入确认", "expected_version": 4})
