"""Examples of the API of waivers, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

ASK = OpenApiExample(
    "Ask",
    request_only=True,
    value={"gate": "project_approval", "asked_of": 1, "reason": "备案已受理，预计两周内出具备案证明。"},
)
GRANT = OpenApiExample(
    "Waive",
    request_only=True,
    value={"reason": "同意先行送审，备案证明须于放款前补齐。", "expires_on": "2027-01-31"},
)
DECLINE = OpenApiExample("Decline", request_only=True, value={"reason": "备案未完成，不得先行送审。"})
READ = OpenApiExample(
    "A waiver in force",
    response_only=True,
    value={
        "id": 3,
        "project": 1,
        "gate": "project_approval",
        "level": 2,
        "status": "granted",
        "asked_of": 7,
        "asked_by": 1,
        "asked_by_name": "林晓雯",
        "asked_reason": "备案已受理，预计两周内出具备案证明。",
        "asked_at": "2026-11-18T16:20:00+08:00",
        "decided_by": 7,
        "decided_by_name": "韩致远",
        "decided_level": 2,
        "decided_at": "2026-11-19T09:30:00+08:00",
        "reason": "同意先行送审，备案证明须于放款前补齐。",
        "expires_on": "2027-01-31",
    },
)
