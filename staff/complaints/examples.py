"""Examples of the API of complaints, for its schema; a test sends each request."""

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
