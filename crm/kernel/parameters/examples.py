"""Examples of the API of parameters, for its schema."""

from drf_spectacular.utils import OpenApiExample

READ = OpenApiExample(
    "How long a grade holds",
    response_only=True,
    value={
        "id": 31,
        "code": "rating.validity_months",
        "name": "评级有效期",
        "unit": "月",
        "version": 1,
        "value": 12,
        "effective_from": "2020-01-01",
        "effective_to": None,
        "source": "[G]",
        "proposed_by": None,
        "approved_by": None,
        "approved_at": None,
        "kept_words": {},
    },
)
