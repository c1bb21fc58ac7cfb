"""Form widgets of the system (pickers: see pickers.py). What was typed is shown again, also when it was no number."""

from typing import Any

from django import forms


class AmountInput(forms.TextInput):
    """A figure. A text box, because a browser's number box forgets what it cannot read."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "maxlength": "30", **(attrs or {})})


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
