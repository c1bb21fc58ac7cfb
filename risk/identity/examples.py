"""Examples of the API of changes of identity, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NO = OpenApiExample("Declined", request_only=True, value={"reason": "变更通知书未盖章，请补正后重报"})
READ = OpenApiExample(
    "A change that waits",
    response_only=True,
    value={
        "id": 3,
        "client": 17,
        "former_name": "福建闽江水务有限公司",
        "former_code": "91350100MA2Y8TGU3C",
        "former_type": "company",
        "name": "福建闽江水务集团有限公司",
        "credit_code": "91350100MA2Y8TGU3C",
        "client_type": "company",
        "reason": "登记机关核准名称变更，已在公示系统核对。",
        "paper_name": "准予变更登记通知书.pdf",
        "paper_sha256": "9f3c41d8a25b70e6c1b4f0d2839e5a77c60d1f4b8e92a3c5d7f60b1407bea71e",
        "status": "proposed",
        "proposed_by": 1,
        "proposed_at": "2026-11-30T10:00:00+08:00",
        "decided_by": None,
        "decided_at": None,
        "decided_reason": "",
        "kept_words": {
            "proposed_by": {
                "name": "林晓雯",
                "department": "客户一部",
                "post": "客户经理",
                "roles": ["account_manager"],
                "level": 0,
            }
        },
    },
)
