"""Examples of the API of warnings, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

ANSWER = OpenApiExample(
    "An answer", request_only=True, value={"response": "已联系客户财务，营业执照变更登记中，12 月 5 日前核实。"}
)
CLOSING = OpenApiExample("A closing", request_only=True, value={"closing": "登记信息已核实，风险解除。"})
READ = OpenApiExample(
    "A red warning",
    response_only=True,
    value={
        "id": 31,
        "version": 1,
        "client": 17,
        "client_name": "福建闽江水务有限公司",
        "indicator": "grade_expiry",
        "level": "red",
        "state": "red",
        "sentence": "AA 级评级已过期 3 天",
        "value": "-3.0000",
        "evidence": {"grade": "AA", "until": "2026-11-21", "source": "rating:5"},
        "rules": [{"code": "indicator.grade_expiry", "version": 1, "effective_from": "2020-01-01"}],
        "opened_on": "2026-11-22",
        "judged_on": "2026-11-22",
        "recovered_on": None,
        "owner": 4,
        "owner_name": "林晓雯",
        "due_on": "2026-11-27",
        "due_provisional": False,
        "responded_by": None,
        "responded_at": None,
        "response": "",
        "escalated_on": None,
        "escalated_to": None,
        "closed_by": None,
        "closed_at": None,
        "closing": "",
        "kept_words": {"client": {"name": "福建闽江水务有限公司", "code": "91350100MA2Y8TGU3C"}},
    },
)
