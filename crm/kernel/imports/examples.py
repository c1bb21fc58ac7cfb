"""Examples of the API of imports, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

UPLOAD = OpenApiExample(
    "Clients",
    request_only=True,
    media_type="multipart/form-data",
    value={"entity": "client", "file": "(the file)"},
)
MAP = OpenApiExample(
    "Assign",
    request_only=True,
    value={"mapping": ["name", "credit_code", "address"], "expected_version": 1},
)
ACT = OpenApiExample("The version read", request_only=True, value={"expected_version": 1})
READ = OpenApiExample(
    "A checked import",
    response_only=True,
    value={
        "id": 3,
        "entity": "client",
        "file_name": "客户清单.xlsx",
        "headers": ["客户名称", "统一社会信用代码", "注册地址"],
        "mapping": ["name", "credit_code", "address"],
        "state": "checked",
        "total": 500,
        "person": 7,
        "person_name": "林晓雯",
        "created_at": "2026-12-02T09:10:00+08:00",
        "finished_at": None,
        "undone_at": None,
        "version": 3,
        "counts": {"create": 463, "wrong": 37},
        "failed": [{"row": 9, "reasons": "统一社会信用代码: 校验码不符，其中某一位有误。"}],
    },
)
