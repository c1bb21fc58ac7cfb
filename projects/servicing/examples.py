"""Examples of the API of repayment, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NO = OpenApiExample("Declined", request_only=True, value={"reason": "首期还款日与合同约定不一致，请重新编制"})
REVERSE = OpenApiExample("Reversed", request_only=True, value={"reason": "款项属于另一份合同，入账有误"})
LAY = OpenApiExample(
    "Every three months",
    request_only=True,
    value={"kind": "equal_principal", "first_due_on": "2027-03-21", "months": 3, "grace": 2},
)
BOOK = OpenApiExample(
    "Came in",
    request_only=True,
    value={"reference": "202611250003871", "amount": "1115500.00", "value_date": "2026-11-25"},
)
