"""Examples of the API of amendments, for its schema; a test sends the request."""

from drf_spectacular.utils import OpenApiExample

REASON = "并网时间推迟，首年发电量低于预期，申请延长贷款期限。"
EFFECT = "每期还本额下降，偿债覆盖率由 1.12 升至 1.21，担保不变。"
ASK = OpenApiExample(
    "Ask for a longer term",
    request_only=True,
    value={"changes": {"term_months": 96}, "reason": REASON, "effect": EFFECT, "expected_version": 6},
)
READ = OpenApiExample(
    "A change in review",
    response_only=True,
    value={
        "id": 2,
        "case": 41,
        "case_number": "SC-2026-0041",
        "status": "open",
        "project": 7,
        "round": 1,
        "before": {
            "amount": "80000000.00",
            "term_months": 84,
            "draw_months": None,
            "rate_kind": "lpr_5y",
            "rate_spread_bp": 50,
            "rate_fixed": None,
            "repayment": "schedule",
            "secured": True,
            "security_kinds": ["mortgage"],
            "is_fully_margined": None,
            "purpose": "22 MW 渔光互补光伏电站建设",
            "term_reason": None,
        },
        "changes": {"term_months": 96},
        "is_extension": False,
        "reason": REASON,
        "effect": EFFECT,
        "asked_by": 1,
        "asked_by_name": "林晓雯",
        "asked_at": "2026-11-18T16:20:00+08:00",
        "terms_version": None,
        "kept_words": {"asked_by": {"name": "林晓雯", "place": "客户一部", "post": "客户经理"}},
    },
)
