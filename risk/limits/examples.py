"""Examples of the API of limits, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NEW = OpenApiExample(
    "Propose",
    request_only=True,
    value={
        "need_kind": "debt_capacity",
        "need": "123456700.00",
        "source": "现金流模型第 3 版，2026-11-20",
        "asked_of": 1,
        "reason": "近三年经营稳定，限额由偿债能力决定，低于净资产口径。",
    },
)
YES = OpenApiExample("Approve", request_only=True, value={"opinion": "同意核定，按季复测。"})
NO = OpenApiExample("Declined", request_only=True, value={"opinion": "需求测算依据不足，请补充现金流模型后再报。"})
READ = OpenApiExample(
    "A limit in force",
    response_only=True,
    value={
        "id": 3,
        "client": 17,
        "client_name": "福建闽江水务有限公司",
        "grade": "A",
        "amount": "120000000.00",
        "effective": "120000000.00",
        "computed": "120000000.00",
        "need_kind": "debt_capacity",
        "need": "123456700.00",
        "source": "现金流模型第 3 版，2026-11-20",
        "reason": "近三年经营稳定，限额由偿债能力决定，低于净资产口径。",
        "terms": {
            "amount": "120000000.00",
            "binding": "need",
            "terms": [{"code": "need", "state": "counts", "cap": "123456700.00", "figures": {"need": "123456700.00"}}],
            "statement": 41,
            "as_of": "2025-12-31",
        },
        "rule_versions": [{"code": "limit.formula", "version": 1, "effective_from": "2020-01-01"}],
        "level": 3,
        "by_committee": False,
        "valid_until": "2027-11-20",
        "status": "in_force",
        "entered_by": 9,
        "entered_at": "2026-11-20T10:00:00+08:00",
        "asked_of": 7,
        "decided_by": 7,
        "decided_at": "2026-11-21T09:30:00+08:00",
        "decided_level": 3,
        "opinion": "同意核定，按季复测。",
        "resolution": "",
        "cut_to": None,
        "cut_at": None,
        "cut_terms": None,
        "kept_words": {"client": {"name": "福建闽江水务有限公司", "code": "91350100MA2Y8TGU3C"}},
    },
)
