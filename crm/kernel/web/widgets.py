"""Form widgets and the field of amounts (pickers: pickers.py). What was typed is shown again, also when it was none."""

from typing import Any

from django import forms


class AmountInput(forms.TextInput):
    """A figure. A text box, because a browser's number box forgets what it cannot read."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "maxlength": "30", **(attrs or {})})


class MoneyField(forms.DecimalField):
    """An amount in yuan with two decimals; grouping commas and full-width digits are read, 万元 stands beside."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", AmountInput({"data-wan": ""}))
        super().__init__(max_digits=18, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(",", "").replace("，", "").replace(" ", "")
        return super().to_python(value)


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class CodeInput(forms.TextInput):
    """A code: mono type, no correction by the browser."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        quiet = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__({"class": "code", **quiet, **(attrs or {})})
