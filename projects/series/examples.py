"""Examples of the API of series, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

WEEKLY = OpenApiExample(
    "A weekly project meeting",
    request_only=True,
    value={
        "client": 17,
        "kind": "weekly",
        "title": "二期项目周例会",
        "weekday": 2,
        "at": "10:00",
        "place": "项目部会议室",
        "agenda": "节点进度\n存在问题\n下周计划",
    },
)
CHANGE = OpenApiExample("Another place", request_only=True, value={"place": "我行三楼会议室"})
END = OpenApiExample(
    "The project is finished", request_only=True, value={"reason": "项目已竣工验收", "expected_version": 1}
)
ARRANGE = OpenApiExample("A new day", request_only=True, value={"starts_at": "2026-12-17T10:00:00+08:00"})
EXPLAIN = OpenApiExample("Why", request_only=True, value={"reason": "客户董事长出国，顺延至下季度首周"})
