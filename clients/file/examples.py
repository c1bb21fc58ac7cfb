"""Examples of the API of clients, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

COMPANY = OpenApiExample(
    "A company",
    request_only=True,
    value={
        "name": "福建闽江水务有限公司",
        "client_type": "company",
        "credit_code": "91350100M000100Y43",
        "industry": "46",
        "region": "350100",
        "size": "medium",
    },
)
COMPANY_BY_FORM = OpenApiExample(
    "A company, as a form",
    request_only=True,
    media_type="multipart/form-data",
    value={"name": "福建闽江水务有限公司", "client_type": "company", "credit_code": "91350100M000100Y43"},
)
CORRECTION = OpenApiExample("New address", request_only=True, value={"address": "福州市鼓楼区五四路 1 号"})
CONFIRMATION = OpenApiExample(
    "Held against the register", request_only=True, value={"source": "国家企业信用信息公示系统"}
)
READ = OpenApiExample(
    "A company on file",
    response_only=True,
    value={
        "id": 17,
        "name": "福建闽江水务有限公司",
        "client_type": "company",
        "credit_code": "91350100M000100Y43",
        "industry": "46",
        "region": "350100",
        "size": "medium",
        "address": "",
        "legal_representative": "",
        "confirmed_on": None,
        "confirmed_source": "",
        "code_reason": "",
        "identity_number": None,
        "owner": 4,
        "owner_name": "林晓雯",
        "department": 2,
        "department_name": "客户一部",
        "grade": "AA",
        "grade_until": "2027-03-31",
        "exposure": "80000000.00",
        "created_at": "2026-11-20T10:00:00+08:00",
        "version": 1,
        "warnings": [],
    },
)
CONTACT = OpenApiExample(
    "A main contact",
    request_only=True,
    value={"name": "钟启昂", "title": "财务总监", "mobile": "13812346021", "is_primary": True},
)
CONTACT_TITLE = OpenApiExample("A new title", request_only=True, value={"title": "副总经理"})
CONTACT_GONE = OpenApiExample("Take a contact out", request_only=True, value={"expected_version": 1})
CONTACT_READ = OpenApiExample(
    "A contact on file",
    response_only=True,
    value={
        "id": 5,
        "client": 17,
        "name": "钟启昂",
        "title": "财务总监",
        "mobile": "138****6021",
        "email": "",
        "is_primary": True,
        "version": 1,
    },
)
