"""Examples of the API of to-dos, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

READ = OpenApiExample(
    "A to-do",
    response_only=True,
    value={
        "id": 12,
        "kind": "warning.handle",
        "title": "处置预警：应收账款周转率下降",
        "subject_type": "risk.warning",
        "subject_id": "31",
        "owner": 4,
        "owner_name": "林晓雯",
        "due_on": "2026-12-01",
        "url": "/warnings/31/",
        "opened_at": "2026-11-24T02:10:00+08:00",
        "is_open": True,
        "done_at": None,
        "outcome": "",
        "escalated_to": None,
        "escalated_at": None,
        "version": 1,
    },
)
