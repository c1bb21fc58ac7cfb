"""Cells of a file while its export is on its way: as JSON keeps them, and back, exactly as they were."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.kernel.text.sheets import Value


def keep_value(value: Value) -> Any:
    """A cell as JSON keeps it: figures and days with their kind, texts and whole numbers as they are."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"figure": str(value)} if isinstance(value, Decimal) else value


def read_value(kept: Any) -> Value:
    """The cell that was kept."""
    if not isinstance(kept, dict):
        return kept
    ((kind, text),) = kept.items()
    readers: dict[str, Any] = {"moment": datetime.fromisoformat, "day": date.fromisoformat, "figure": Decimal}
    return readers[kind](text)
