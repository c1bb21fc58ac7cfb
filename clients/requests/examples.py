"""Examples of the API of client requests, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NEW = OpenApiExample(
    "From another system",
    request_only=True,
    value={"client": 17, "kind": "document", "words": "请提供上季度还款凭证和利息清单，审计用。"},
)
ANSWERED_AT_ONCE = OpenApiExample(
    "A telephone call, answered at once",
    request_only=True,
    value={
        "client": 17,
        "channel": "phone",
        "kind": "question",
        "words": "询问提前还款需要提前几天申请。",
        "answer": "提前十个工作日书面申请，已告知表格下载位置。",
    },
)
TAKE = OpenApiExample("Taken", request_only=True, value={"expected_version": 1})
ASSIGN = OpenApiExample("Assigned", request_only=True, value={"owner": 1, "expected_version": 1})
ANSWER = OpenApiExample(
    "Answer", request_only=True, value={"words": "已告知凭证三个工作日内提供。", "expected_version": 1}
)
SOLUTION = OpenApiExample(
    "Solution", request_only=True, value={"words": "凭证和清单已寄送客户财务部。", "expected_version": 1}
)
CALL_BACK = OpenApiExample(
    "Call-back", request_only=True, value={"words": "客户确认收到。", "is_content": True, "expected_version": 1}
)
REOPEN = OpenApiExample(
    "Reopened", request_only=True, value={"words": "客户来电：清单缺九月份。", "expected_version": 1}
)
PROMISE = OpenApiExample(
    "A promise",
    request_only=True,
    value={"what": "补寄九月份利息清单", "owner": 1, "due_on": "2026-12-09", "expected_version": 1},
)
READ = OpenApiExample(
    "A request",
    response_only=True,
    value={
        "id": 8,
        "client": 17,
        "contact": None,
        "interaction": None,
        "channel": "phone",
        "kind": "document",
        "words": "请提供上季度还款凭证和利息清单，审计用。",
        "state": "answered",
        "owner": 1,
        "asked_at": "2026-12-01T10:00:00+08:00",
        "answer_by": "2026-12-02T09:30:00+08:00",
        "recorded_by": 1,
        "recorded_at": "2026-12-01T10:02:00+08:00",
        "answered_at": "2026-12-01T11:00:00+08:00",
        "solved_at": None,
        "closed_at": None,
        "is_content": None,
        "reopened": 0,
        "first_minutes": 60,
        "solve_minutes": None,
        "kept_words": {},
        "version": 2,
        "steps": [],
    },
)
