"""The form field of amounts of money."""

from typing import Any

from django import forms

from crm.kernel.web.widgets import AmountInput


class MoneyField(forms.DecimalField):
    """An amount in yuan with two decimals; grouping commas and full-width digits are read, 万元 stands beside."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", AmountInput({"data-wan": ""}))
        super().__init__(max_digits=18, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(",", "").replace("，", "").replace(" ", "")
        return super().to_python(value)
