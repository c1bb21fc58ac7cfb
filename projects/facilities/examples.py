"""Examples of the API of facilities in force, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NO = OpenApiExample("Declined", request_only=True, value={"reason": "合同缺页，余额与借据不符，请补正"})
NOTHING = OpenApiExample("Confirm", request_only=True, value={})
PAID = OpenApiExample("Paid back", request_only=True, value={"settled_on": "2026-11-30"})
BALANCE = OpenApiExample(
    "A balance",
    request_only=True,
    value={"as_of": "2026-11-30", "outstanding": "130000000.00", "undrawn": "0.00"},
)
BALANCES = OpenApiExample(
    "Balances of a day",
    request_only=True,
    value={
        "rows": [
            {"contract_no": "2024-固贷-0117", "as_of": "2026-11-30", "outstanding": "130000000.00"},
            {"contract_no": "2023-保函-0042", "as_of": "2026-11-30", "outstanding": "6000000.00"},
        ]
    },
)
BALANCES_ANSWER = OpenApiExample(
    "One done, one refused",
    response_only=True,
    value={
        "rows": [
            {"contract_no": "2024-固贷-0117", "done": True, "field": "", "reason": ""},
            {
                "contract_no": "2023-保函-0042",
                "done": False,
                "field": "contract_no",
                "reason": "No facility in force has this contract number.",
            },
        ]
    },
)
ENTER = OpenApiExample(
    "A loan from before",
    request_only=True,
    media_type="multipart/form-data",
    value={
        "contract_no": "2024-固贷-0117",
        "name": "城南污水处理厂一期",
        "kind": "loan",
        "amount": "160000000.00",
        "approved_on": "2024-03-15",
        "approved_by": "原授信审批委员会 2024 年第 5 次会议",
        "matures_on": "2034-03-15",
        "outstanding": "140000000.00",
        "as_of": "2026-11-30",
        "paper": "(the file)",
    },
)
READ = OpenApiExample(
    "A facility in force",
    response_only=True,
    value={
        "id": 3,
        "client": 17,
        "contract_no": "2024-固贷-0117",
        "name": "城南污水处理厂一期",
        "kind": "loan",
        "amount": "160000000.00",
        "margin": "0.00",
        "approved_on": "2024-03-15",
        "approved_by": "原授信审批委员会 2024 年第 5 次会议",
        "available_until": None,
        "matures_on": "2034-03-15",
        "outstanding": "140000000.00",
        "undrawn": "0.00",
        "due_unpaid": "0.00",
        "as_of": "2026-11-30",
        "paper_name": "固定资产借款合同.pdf",
        "paper_sha256": "9f3c41d8a25b70e6c1b4f0d2839e5a77c60d1f4b8e92a3c5d7f60b1407bea71e",
        "state": "confirmed",
        "entered_by": 1,
        "entered_at": "2026-12-01T10:00:00+08:00",
        "decided_by": 11,
        "decided_at": "2026-12-01T15:00:00+08:00",
        "decided_reason": "",
        "settled_on": None,
        "settlement_by": None,
        "settlement_at": None,
        "settled_by": None,
        "settled_at": None,
        "kept_words": {},
    },
)
