"""Examples of the API of projects, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NEW_PROJECT = OpenApiExample(
    "A solar park",
    request_only=True,
    value={
        "client": 1,
        "name": "大丰渔光互补 22 MW",
        "product": "P01",
        "sector": "other",
        "amount": "80000000.00",
        "currency": "CNY",
        "term_months": 84,
        "secured": True,
        "purpose": "建设 22 MW 渔光互补光伏电站",
        "total_investment": "105000000.00",
        "capital": "25000000.00",
        "investigators": {"lead": 1, "assistant": 2},
    },
)
LESS = OpenApiExample("Ask for less", request_only=True, value={"amount": "72000000.00"})
WITHDRAW = OpenApiExample("Give up a draft", request_only=True, value={"reason": "客户改用自有资金，不再申请。"})
FOUND = OpenApiExample(
    "One project",
    response_only=True,
    value={
        "id": 1,
        "version": 3,
        "client": 1,
        "client_name": "江苏沛澄新能源有限公司",
        "name": "大丰渔光互补 22 MW",
        "product": "P01",
        "sector": "other",
        "amount": "80000000.00",
        "currency": "CNY",
        "term_months": 84,
        "secured": True,
        "purpose": "建设 22 MW 渔光互补光伏电站",
        "total_investment": "105000000.00",
        "capital": "25000000.00",
        "investigators": {"lead": 1, "assistant": 2},
        "owner": 1,
        "owner_name": "林晓雯",
        "department": 2,
        "status": "draft",
        "review_stage": "",
        "locked_by_review": "",
        "waiting_for": [],
        "waiting_since": None,
        "due_on": None,
        "approved_amount": None,
        "decided_on": None,
        "created_at": "2026-11-18T16:20:00+08:00",
        "updated_at": "2026-11-18T16:20:00+08:00",
    },
)
