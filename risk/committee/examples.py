"""Examples of the API of the credit committee, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

CONVENE = OpenApiExample("Convene", request_only=True, value={"held_on": "2026-12-31", "place": "总部三楼会议室"})
LIST = OpenApiExample("Put on the agenda", request_only=True, value={"case": 7, "expected_version": 1})
OPEN = OpenApiExample(
    "Open", request_only=True, value={"present": [31, 32, 33, 34, 35, 36], "chair": 31, "expected_version": 1}
)
VOTE = OpenApiExample(
    "Agree with a condition",
    request_only=True,
    value={
        "kind": "for_with_condition",
        "opinion": "现金流可覆盖本息，资本金须先行到位，同意。",
        "lines": ["首次提款前资本金到位比例不低于百分之三十"],
    },
)
REMOVE = OpenApiExample(
    "Take off", request_only=True, value={"reason": "到会委员回避后人数不足，改期上会。", "expected_version": 2}
)
MEETING = OpenApiExample(
    "A meeting",
    response_only=True,
    value={
        "id": 3,
        "version": 2,
        "number": "DSH-2026-003",
        "held_on": "2026-12-02",
        "place": "总部三楼会议室",
        "secretary": 40,
        "secretary_name": "温予宁",
        "status": "convened",
        "convened_at": "2026-11-30T09:00:00+08:00",
        "closed_at": None,
        "minutes_sha256": "",
    },
)
HEARING = OpenApiExample(
    "A decided hearing",
    response_only=True,
    value={
        "id": 5,
        "version": 3,
        "meeting": 3,
        "case": 7,
        "case_number": "SC-2026-0018",
        "project_name": "如东海上风电二期",
        "client_name": "南通沛澄海上风电有限公司",
        "round": 1,
        "hearing": 1,
        "dossier_sha256": "9f2c7a1be0d443a5c1d7f6be2a9034cc51e8b77d0f63a2c4958be1d27a60f3c8",
        "presenter": 1,
        "presenter_name": "林晓雯",
        "chair": 31,
        "status": "decided",
        "seats": 7,
        "present": 1,
        "votes_for": 1,
        "result": "approved_with_conditions",
        "opened_at": "2026-12-02T10:00:00+08:00",
        "closed_at": "2026-12-02T10:40:00+08:00",
        "attendance": [
            {"person": 31, "person_name": "高伯年", "state": "present", "papers_at": "2026-12-01T15:20:00+08:00"}
        ],
        "votes": [
            {
                "person": 31,
                "person_name": "高伯年",
                "kind": "for_with_condition",
                "opinion": "现金流可覆盖本息，资本金须先行到位，同意。",
                "lines": ["首次提款前资本金到位比例不低于百分之三十"],
                "cast_at": "2026-12-02T10:30:00+08:00",
            }
        ],
    },
)
