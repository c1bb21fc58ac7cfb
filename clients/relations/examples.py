"""Examples of the API of interactions, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

VISIT = OpenApiExample(
    "A visit",
    request_only=True,
    value={
        "client": 17,
        "kind": "visit",
        "words": "应收账款 90 天以上 3,180 万元，集中在两家整机厂；对方同意周一前提供明细和催收计划。",
        "guests": ["财务部 沈亦舟"],
        "next_on": "2026-12-14",
        "next_what": "收账龄明细与催收计划",
    },
)
PLANNED = OpenApiExample(
    "A planned online meeting",
    request_only=True,
    value={
        "client": 17,
        "state": "planned",
        "kind": "online",
        "purpose": "二期项目融资方案沟通",
        "starts_at": "2026-12-09T10:00:00+08:00",
        "link": "https://meeting.example.com/j/4711",
    },
)
CORRECTION = OpenApiExample("Another place", request_only=True, value={"place": "客户三楼会议室"})
HELD = OpenApiExample(
    "What came of it",
    request_only=True,
    value={
        "starts_at": "2026-12-01T10:00:00+08:00",
        "words": "客户认可等额本金还款安排。",
        "decisions": "下周提交项目建议书。",
        "expected_version": 1,
    },
)
CANCELLED = OpenApiExample(
    "Cancelled", request_only=True, value={"reason": "客户董事长出差，另约时间", "expected_version": 1}
)
MINUTES = OpenApiExample(
    "Minutes",
    request_only=True,
    value={"words": "会议讨论了年度合作计划。", "decisions": "双方按季召开高层对话。", "expected_version": 1},
)
NOTE = OpenApiExample("A note", request_only=True, value={"text": "客户次日来电更正：账龄明细口径为合并报表。"})
PROMISE = OpenApiExample(
    "A promise", request_only=True, value={"what": "提供贷款条件清单", "owner": 1, "due_on": "2026-12-09"}
)
SETTLED = OpenApiExample("Kept", request_only=True, value={"state": "kept", "outcome": "清单已发客户财务部"})
READ = OpenApiExample(
    "An interaction",
    response_only=True,
    value={
        "id": 5,
        "client": 17,
        "state": "held",
        "kind": "visit",
        "purpose": "",
        "starts_at": "2026-12-01T10:00:00+08:00",
        "ends_at": None,
        "place": "客户公司",
        "link": "",
        "words": "应收账款 90 天以上 3,180 万元，集中在两家整机厂。",
        "needs": "",
        "decisions": "",
        "next_on": "2026-12-14",
        "next_what": "收账龄明细与催收计划",
        "participants": [{"person": 1, "contact": None, "name": "林晓雯", "title": ""}],
        "promises": [],
        "notes": [],
        "recorded_by": 1,
        "recorded_at": "2026-12-01T11:00:00+08:00",
        "held_at": "2026-12-01T11:00:00+08:00",
        "cancelled_reason": "",
        "kept_words": {},
        "version": 1,
    },
)
PROMISE_READ = OpenApiExample(
    "A promise",
    response_only=True,
    value={
        "id": 3,
        "interaction": 5,
        "what": "提供贷款条件清单",
        "owner": 1,
        "due_on": "2026-12-09",
        "state": "kept",
        "outcome": "清单已发客户财务部",
        "settled_at": "2026-12-08T09:30:00+08:00",
    },
)
