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
PARTS = ("draft", "reasons", "measures")


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
    missing = [row._meta.get_field(name).verbose_name for name in PARTS if not getattr(row, name)]
    missing += [row._meta.get_field(name).verbose_name for name in ("measures_on",) if getattr(row, name) is None]
    if row.outcome not in DECISIONS:
        missing.append(row._meta.get_field("outcome").verbose_name)
    least = parameters.value(REASONS, on=row.received_on).value
    if missing or len(row.reasons) < least:
        names = _(", ").join(str(name) for name in missing or [row._meta.get_field("reasons").verbose_name])
        raise RuleRefused(
            _("The reply is not complete: %(parts)s. Write it again before the complainant is notified.")
            % {"parts": names},
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
