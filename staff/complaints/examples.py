"""Examples of the API of complaints, for its schema; a test sends each request."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

NEW = OpenApiExample(
    "By the hotline",
    request_only=True,
    value={
        "channel": "hotline",
        "received_at": "2026-11-20T10:00:00+08:00",
        "title": "评估费收取未说明",
        "facts": "签约时未说明评估费的收取标准，放款后直接扣收。",
        "complainant_name": "欧阳明远",
        "complainant_phone": "13812346021",
        "client_code": "91350100M000100Y43",
    },
)

# What each act takes, by its path; people are named by their ids.
ACTS: dict[str, dict[str, Any]] = {
    "assign": {"person": 12},
    "acknowledge": {"how": "电话告知已受理，并说明答复期限"},
    "extend": {"reason": "需向评估机构调取底稿"},
    "decide_extension": {"approves": True, "opinion": "情况复杂，同意延期"},
    "tell_extension": {"how": "电话告知延期与理由"},
    "pause": {"reason": "mediation", "note": "双方同意调解"},
    "resume": {},
    "draft": {
        "draft": "经核实，评估费于放款日扣收，签约清单未载明收费标准。",
        "outcome": "upheld",
        "reasons": "依据贷款合同第十二条，评估费的收费标准应在签约时书面告知，本案未告知，应予退还。",
        "measures": "退还多收费用，并在签约清单中增加收费告知栏",
        "measures_on": "2026-12-31",
    },
    "review": {"passes": True, "opinion": "事实清楚，同意答复"},
    "reply": {"how": "电话告知，并寄出书面答复"},
    "close": {"note": "已退费，流程补充说明"},
    "withdraw": {"withdrawn_on": "2026-11-25", "how": "投诉人来电撤诉，录音留存"},
    "correct": {"client_code": "91350100M000100Y43", "project_name": "", "reason": "登记时误选同名客户"},
    "ask_recheck": {"requested_on": "2026-12-01", "grounds": "不认可答复所述理由"},
    "decide_recheck": {
        "verdict": "upheld",
        "answer": "经核查，原处理决定事实清楚、依据充分、程序合规，投诉人所提理由不能成立，予以维持。",
        "how": "书面寄出核查意见",
    },
    "reopen": {"reason": "客户称退费未到账"},
    "reclassify": {"is_in_media": True, "reason": "媒体已报道"},
    "concern": {"person": 12, "reason": "投诉人补充指明"},
    "unconcern": {"person": 12, "reason": "投诉人更正所指人员"},
    "decide_claim": {"confirms": True, "opinion": "来函明确指向该人员，确认列为被投诉人"},
}


def of_act(code: str) -> list[OpenApiExample]:
    """The example of an act's request body."""
    return [OpenApiExample(code, request_only=True, value=ACTS[code])]
