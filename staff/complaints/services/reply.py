"""The reply to a complainant: facts, decision, reasons, measures, and the paragraph on rights, which nobody writes.

The parts of rules-2 5.1; what is told is exactly this text, kept in the event and readable on the public page.
"""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, RuleRefused, Text
from crm.kernel.parameters import selectors as parameters
from staff.complaints.models import DECISIONS, Complaint
from staff.complaints.services.held import words

LEAST_FACTS, LEAST_MEASURES = 10, 2
REASONS, RIGHTS = "complaint.reason_least", "complaint.rights"


def read_parts(
    row: Complaint, *, draft: str, outcome: str, reasons: str, measures: str, measures_on: date | None
) -> dict[str, Any]:
    """The parts in shape; BadInput names every one that is missing or too short."""
    least = {
        "draft": LEAST_FACTS,
        "reasons": parameters.value(REASONS, on=row.received_on).value,
        "measures": LEAST_MEASURES,
    }
    errors: dict[str, list[Text]] = {}
    clean: dict[str, Any] = {}
    for name, value in (("draft", draft), ("reasons", reasons), ("measures", measures)):
        try:
            clean |= words(Complaint, {name: value}, least={name: least[name]})
        except BadInput as error:
            errors |= error.errors
    if outcome not in DECISIONS:
        errors["outcome"] = [_("Choose the decision on the complaint.")]
    if measures_on is None:
        errors["measures_on"] = [_("Enter the day by which the measures are completed.")]
    elif measures_on < row.received_on:
        errors["measures_on"] = [_("This day is before the complaint was received.")]
    if errors:
        raise BadInput(errors=errors)
    return {**clean, "outcome": outcome, "measures_on": measures_on}


def require_parts(row: Complaint) -> None:
    """RuleRefused where a part of the reply is missing: nothing can be told then."""
    least = parameters.value(REASONS, on=row.received_on).value
    complete = {
        "draft": bool(row.draft),
        "outcome": row.outcome in DECISIONS,
        "reasons": len(row.reasons) >= least,
        "measures": bool(row.measures),
        "measures_on": row.measures_on is not None,
    }
    missing = [name for name, is_there in complete.items() if not is_there]
    if missing:
        raise RuleRefused(
            _("The reply is not complete. Write it again, with reasons and measures, before recording it as told."),
            code="incomplete",
        )


def compose(row: Complaint) -> str:
    """The whole reply, in the language of the complainant's notice (Chinese)."""
    rights: str = parameters.value(RIGHTS).value["zh"]
    with translation.override("zh-hans"):
        decision = str(row.get_outcome_display())
    parts = [
        f"一、核查情况：{row.draft}",
        f"二、处理决定：{decision}。",
        f"三、理由和依据：{row.reasons}",
    ]
    if row.measures_on is not None:
        parts.append(f"四、处理措施：{row.measures}（完成时限：{row.measures_on:%Y年%m月%d日}）")
    return "\n".join([*parts, f"五、权利告知：{rights}"])
