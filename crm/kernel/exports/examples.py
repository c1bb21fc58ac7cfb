"""Examples of the API of exports, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

ORDER = OpenApiExample(
    "Clients of the water trade by name",
    request_only=True,
    value={
        "noun": "clients",
        "filter": "q=水务&ordering=name",
        "columns": ["name", "owner"],
        "format": "csv",
        "purpose": "季度客户清单核对",
    },
)
CANCEL = OpenApiExample("The version read", request_only=True, value={"expected_version": 1})
READ = OpenApiExample(
    "An export on its way",
    response_only=True,
    value={
        "id": 5,
        "title": "客户",
        "format": "csv",
        "columns": ["name", "owner"],
        "purpose": "季度客户清单核对",
        "state": "running",
        "total": 12400,
        "done": 3500,
        "reason": "",
        "person": 7,
        "person_name": "林晓雯",
        "created_at": "2026-12-02T09:10:00+08:00",
        "beat_at": "2026-12-02T09:10:12+08:00",
        "finished_at": None,
        "expires_at": "2026-12-09T09:10:00+08:00",
        "size": 0,
        "sha256": "",
        "version": 2,
    },
)
