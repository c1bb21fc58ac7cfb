"""Examples of the API of contracts and draw-downs, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NO = OpenApiExample("Declined", request_only=True, value={"reason": "合同金额与批复不一致，请核对后重报"})
ENTER = OpenApiExample(
    "A signed contract",
    request_only=True,
    media_type="multipart/form-data",
    value={
        "number": "2026-固贷-0208",
        "amount": "80000000.00",
        "signed_on": "2026-11-20",
        "available_until": "2027-11-20",
        "matures_on": "2033-11-20",
        "rate": "3.8500",
        "repayment": "schedule",
        "paper": "(the file)",
    },
)
CAPITAL = OpenApiExample(
    "Paid in",
    request_only=True,
    media_type="multipart/form-data",
    value={"amount": "20000000.00", "paid_on": "2026-11-25", "paper": "(the file)"},
)
DRAW = OpenApiExample(
    "A draw-down to one supplier",
    request_only=True,
    value={
        "purpose": "光伏组件采购第一批货款",
        "payees": [
            {
                "name": "苏州阳晟光伏科技有限公司",
                "account_no": "3250198836000000123",
                "bank": "建设银行苏州分行",
                "amount": "12000000.00",
                "is_entrusted": True,
                "invoice_no": "FP-2026-110871",
            }
        ],
    },
)
PAY = OpenApiExample(
    "Paid out",
    request_only=True,
    media_type="multipart/form-data",
    value={"paid_on": "2026-12-01", "voucher": "(the file)"},
)
