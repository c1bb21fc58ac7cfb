"""Examples of the API of cash-flow models, for its schema; a test sends each request."""

from drf_spectacular.utils import OpenApiExample

NEW = OpenApiExample(
    "A plant, two years of construction",
    request_only=True,
    value={"revenue_type": "manufacturing", "starts_on": "2026-01-01", "ppy": 1, "construction": 2, "operation": 15},
)
FIGURES = OpenApiExample(
    "Level debt service over twelve years",
    request_only=True,
    value={
        "expected_version": 1,
        "assumptions": [
            {"code": "gearing", "text": "70"},
            {"code": "life_years", "text": "15"},
            {"code": "tax_rates", "text": "0×3 12.5×3 25"},
        ],
        "tranches": [{"share": "100", "rate": "4.5", "kind": "level", "periods": "12"}],
        "lines": [
            {"code": "capex", "cells": ["5000", "5000"]},
            {"code": "revenue", "growth": "0", "cells": ["1800"]},
            {"code": "opex", "growth": "0", "cells": ["600"]},
        ],
    },
)
NOTHING = OpenApiExample("The version one has seen", request_only=True, value={"expected_version": 2})
WHY = OpenApiExample(
    "A reason", request_only=True, value={"reason": "收入增长假设缺少依据，请补充", "expected_version": 3}
)
