"""Examples of the API of ratings, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NEW = OpenApiExample(
    "Grade AA",
    request_only=True,
    value={
        "grade": "AA",
        "reason": "偿债指标满分，近三年经营现金流为正",
        "source": "2026 年度评级报告，2026-11-10",
    },
)
SCORED = OpenApiExample(
    "On the scorecard",
    request_only=True,
    value={
        "interest_due": "8800000.00",
        "interest_paid": "8800000.00",
        "principal_due": "103000000.00",
        "principal_paid": "103000000.00",
        "q1": 4,
        "q2": 4,
        "q3": 3,
        "q5": 5,
        "q5_reason": "合作七年，历笔贷款均按期足额归还，结算主要在我方办理",
        "q6": 4,
        "esg_score": 72,
        "reason": "按 2025 年审计报告测算，偿债与周转指标稳定",
        "source": "2025 年审计报告，企业信用报告 2026-11-20",
    },
)
NO = OpenApiExample("Declined", request_only=True, value={"reason": "审计报告为上年度，请更新后重报"})
ASSESSOR = {"department": "风险管理部", "post": "评级岗", "roles": ["risk_assessor"], "level": 0}
READ = OpenApiExample(
    "A grade in force",
    response_only=True,
    value={
        "id": 5,
        "client": 17,
        "client_name": "福建闽江水务有限公司",
        "grade": "AA",
        "reason": "偿债指标满分，近三年经营现金流为正",
        "source": "2026 年度评级报告，2026-11-10",
        "status": "confirmed",
        "valid_from": "2026-11-20",
        "valid_until": "2027-11-20",
        "rule_versions": [{"code": "rating.validity_months", "version": 1, "effective_from": "2020-01-01"}],
        "score": None,
        "model_grade": "",
        "override_reason": "",
        "scoring": None,
        "entered_by": 9,
        "entered_by_name": "唐雨桐",
        "entered_at": "2026-11-20T10:00:00+08:00",
        "confirmed_by": 10,
        "confirmed_by_name": "何俊峰",
        "confirmed_at": "2026-11-20T11:00:00+08:00",
        "rejected_by": None,
        "rejected_at": None,
        "rejected_reason": "",
        "kept_words": {
            "client": {"name": "福建闽江水务有限公司", "code": "91350100MA2Y8TGU3C"},
            "entered_by": {**ASSESSOR, "name": "唐雨桐"},
            "confirmed_by": {**ASSESSOR, "name": "何俊峰"},
        },
    },
)
