"""Examples of the API of reviews and conditions, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

SHA256 = "9f3c41d8a25b70e6c1b4f0d2839e5a77c60d1f4b8e92a3c5d7f60b1407bea71e"
LIN = {"name": "林晓雯", "department": "客户一部", "post": "客户经理", "roles": ["account_manager"], "level": 0}
ZHOU = {"name": "周启明", "department": "风险管理部", "post": "风险经理", "roles": ["initial_reviewer"], "level": 0}
READ = {
    "id": 31,
    "version": 2,
    "text": "接入系统批复原件",
    "kind": "precedent",
    "owner": 1,
    "owner_name": "林晓雯",
    "due_text": "首次放款前",
    "due_on": None,
    "blocking": True,
    "status": "to_verify",
    "created_by": 402,
    "dropped_by": None,
    "dropped_reason": "",
    "reported_by": 1,
    "reported_by_name": "林晓雯",
    "reported_at": "2026-11-25T10:40:00+08:00",
    "evidence": "批复原件 11 月 24 日收到，已归档。",
    "settled_by": None,
    "settled_by_name": None,
    "settled_at": None,
    "reason": "",
    "kept_words": {"owner": LIN, "reported_by": LIN},
}
CONDITION = OpenApiExample("One condition", response_only=True, value=READ)
REPORT = OpenApiExample(
    "Met", request_only=True, value={"evidence": "批复原件 11 月 24 日收到，已归档。", "expected_version": 1}
)
SETTLE = OpenApiExample("Confirm it", request_only=True, value={"verdict": "met", "expected_version": 2})
CASE = OpenApiExample(
    "One case",
    response_only=True,
    value={
        "id": 187,
        "number": "SC-2026-0187",
        "version": 3,
        "subject": {
            "kind": "project",
            "id": 12,
            "name": "大丰 22 MW 渔光互补项目",
            "client": 5,
            "client_name": "江苏沛澄新能源有限公司",
        },
        "status": "open",
        "stage": "final",
        "round": 1,
        "step": 0,
        "required_level": 2,
        "authority": ["审批后敞口 8,000.00 万元，等级 AA：超过 2,000.00、不超过 15,000.00 由分管副总审批。"],
        "dossier_sha256": SHA256,
        "waiting_for": [{"id": 9, "name": "韩致远"}],
        "stage_since": "2026-11-18T16:20:00+08:00",
        "due_at": "2026-11-23",
        "due_provisional": False,
        "submitted_by": 1,
        "opened_at": "2026-11-12T09:05:00+08:00",
        "closed_at": None,
        "withdrawn_reason": "",
        "urgent_reason": "",
        "decisions": [
            {
                "id": 401,
                "round": 1,
                "stage": "initial",
                "step": 0,
                "verb": "approve",
                "person": 6,
                "person_name": "周启明",
                "decided_for": None,
                "letter_no": None,
                "opinion": "资本金 33.33%，用途、四证齐备，双人调查属实。",
                "reason_code": "",
                "target_stage": "",
                "return_due_on": None,
                "dossier_sha256": SHA256,
                "decided_at": "2026-11-13T17:05:00+08:00",
                "items": [],
                "kept_words": {"person": ZHOU},
            }
        ],
        "conditions": [READ],
        "prolongations": [],
        "kept_words": {
            "project": {
                "name": "大丰 22 MW 渔光互补项目",
                "client": "江苏沛澄新能源有限公司",
                "code": "91320982MA1XKT5W0N",
                "grade": "AA",
                "department": "客户一部",
                "institution": "总部",
            },
            "submitted_by": LIN,
        },
    },
)
SUBMIT = OpenApiExample("Submit", request_only=True, value={"expected_version": 3})
NO_CONFLICT = OpenApiExample("No conflict", request_only=True, value={"has_conflict": False, "expected_version": 1})
CONFLICT = OpenApiExample(
    "A conflict: recuse",
    request_only=True,
    value={"has_conflict": True, "text": "配偶在该客户任职", "expected_version": 1},
)
APPROVE = OpenApiExample(
    "Approve",
    request_only=True,
    value={"verb": "approve", "seen": True, "opinion": "资料齐全，现金流可覆盖，同意。", "expected_version": 1},
)
WITH_CONDITIONS = OpenApiExample(
    "Approve with conditions",
    request_only=True,
    value={
        "verb": "approve_with_conditions",
        "seen": True,
        "opinion": "同意，接入系统批复须在首次放款前落实。",
        "conditions": [{"text": "接入系统批复原件", "kind": "precedent", "due_text": "首次放款前", "blocking": True}],
        "expected_version": 2,
    },
)
RETURN = OpenApiExample(
    "Return",
    request_only=True,
    value={
        "verb": "return",
        "seen": True,
        "opinion": "施工许可证缺失，请补齐后再报。",
        "reason_code": "documents_missing",
        "target_stage": "initial",
        "items": ["施工许可证", "EPC 合同终稿"],
        "expected_version": 1,
    },
)
REJECT = OpenApiExample(
    "Reject",
    request_only=True,
    value={
        "verb": "reject",
        "seen": True,
        "opinion": "还款来源不足，不同意本笔授信。",
        "reason_code": "repayment_insufficient",
        "expected_version": 3,
    },
)
WITHDRAW = OpenApiExample(
    "Withdraw", request_only=True, value={"reason": "客户推迟项目，先行撤回。", "expected_version": 2}
)
REHEAR = OpenApiExample(
    "Ask for a re-hearing",
    request_only=True,
    value={"new_facts": "已取得长期购电协议，还款来源落实。", "documents": [31], "expected_version": 4},
)
PROLONG = OpenApiExample(
    "Prolong the approval",
    request_only=True,
    value={"until": "2027-05-31", "reason": "接入系统批复延期，合同签署顺延。", "expected_version": 4},
)
