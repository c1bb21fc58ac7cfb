"""Examples of the API of KPI results, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

RESULT = {
    "id": 31,
    "period": "2026Q3",
    "is_closed": True,
    "person": 3,
    "person_name": "林晓雯",
    "department": 2,
    "department_name": "客户一部",
    "post": 1,
    "scheme": 1,
    "points": "74.40",
    "measured": "85.00",
    "score": "87.53",
    "is_ranked": True,
    "document_sha256": "0f" * 32,
    "computed_at": "2026-10-15T09:00:00+08:00",
}
LINE = {
    "measure": "financings_approved",
    "definition": 1,
    "dimension": "volume",
    "state": "measured",
    "value": "80000000",
    "points": "32",
    "weight": "40",
    "rows": 1,
}
READ = OpenApiExample("A locked result", response_only=True, value={**RESULT, "lines": [LINE]})
