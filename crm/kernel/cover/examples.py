"""Examples of the API of covers, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

ASK = OpenApiExample(
    "Ask",
    request_only=True,
    value={
        "person": 7,
        "deputy": 6,
        "kind": "leave",
        "starts_on": "2026-12-07",
        "ends_on": "2026-12-18",
        "letter_no": "授权〔2026〕18号",
        "ceiling": "50000000.00",
        "scope": ["P01"],
    },
)
CONFIRM = OpenApiExample("Confirm", request_only=True, value={})
REFUSE = OpenApiExample("Refuse", request_only=True, value={"reason": "代岗人同期安排了外部审计陪同，请另行指定。"})
END = OpenApiExample("End", request_only=True, value={"end_reason": "returned"})
READ = OpenApiExample(
    "A cover in force",
    response_only=True,
    value={
        "id": 3,
        "person": 7,
        "deputy": 6,
        "kind": "leave",
        "starts_on": "2026-12-07",
        "ends_on": "2026-12-18",
        "scope": ["P01"],
        "ceiling": "50000000.00",
        "letter_no": "授权〔2026〕18号",
        "is_suspended": False,
        "state": "confirmed",
        "standing": "confirmed",
        "asked_by": 7,
        "asked_at": "2026-12-02T09:10:00+08:00",
        "decided_by": 24,
        "decided_at": "2026-12-02T10:30:00+08:00",
        "ended_by": None,
        "ended_at": None,
        "end_reason": "",
        "kept_words": {},
    },
)
