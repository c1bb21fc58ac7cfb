"""Examples of the API of the directory, for its schema."""

from drf_spectacular.utils import OpenApiExample

DEPARTMENT = OpenApiExample(
    "A department",
    response_only=True,
    value={"id": 4, "code": "0010", "name": "客户一部", "parent": 1, "path": "0001.0010.", "version": 1},
)
PERSON = OpenApiExample(
    "An account manager",
    response_only=True,
    value={
        "id": 7,
        "name": "高翔宇",
        "employee_no": "E0107",
        "department": 4,
        "department_name": "客户一部",
        "post_name": "客户经理",
        "email": "gaoxiangyu@sanshen.example",
        "is_active": True,
        "version": 1,
    },
)
ROLE_GRANT = OpenApiExample(
    "A final approver",
    response_only=True,
    value={
        "id": 12,
        "person": 21,
        "person_name": "沈国梁",
        "role": "final_approver",
        "power": "business",
        "authority_level": 2,
        "valid_from": "2026-01-01",
        "valid_until": None,
        "granted_by": 30,
        "granted_at": "2025-12-29T10:00:00+08:00",
        "kept_words": {},
    },
)
