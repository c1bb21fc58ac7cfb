"""The shapes of the limits of complaints."""

from typing import Any

from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import (
    HIGHEST_AMOUNT,
    Problem,
    clock_time,
    decimal_text,
    listing,
    mapping,
    one_of,
    real_words,
    telephone,
    whole,
    words,
)
from crm.kernel.people.roles import AuthorityLevel

LEVELS = [level.value for level in AuthorityLevel if level != AuthorityLevel.NONE]
_days = whole(1, 60)


def check_limits(value: Any, path: str) -> list[Problem]:
    """Three limits that rise: no extension may shorten the time, none may lead beyond the last."""
    problems = mapping({"simple": _days, "complex": _days, "longest": _days})(value, path)
    if not problems and not value["simple"] < value["complex"] < value["longest"]:
        problems.append(Problem("complex", "not_ascending"))
    return problems


def check_office_hours(value: Any, path: str) -> list[Problem]:
    """From when to when, `09:00`, the first before the second."""
    problems = mapping({"opens": clock_time, "closes": clock_time})(value, path)
    if not problems and not value["opens"] < value["closes"]:
        problems.append(Problem("closes", "not_ascending"))
    return problems


_service = {
    "contact_workdays": _days,
    "investigate_workdays": _days,
    "reply_days": _days,
    "escalate_hours": listing(whole(1, 240), unique="", least=0),
    "escalate_days": listing(_days, unique="", least=0),
}


register(
    __file__,
    {
        "complaint.limits": check_limits,
        "complaint.roll": one_of(("none", "forward")),
        "complaint.pause_workdays": whole(0, 30),
        "complaint.major": mapping(
            {
                "face_to_face_group": whole(1, 1000),
                "common_facts_group": whole(1, 1000),
                "amount": decimal_text("0", HIGHEST_AMOUNT),
                "exposure_share": decimal_text("0", "1"),
                "repeats": whole(2, 100),
                "repeat_days": whole(1, 3650),
            }
        ),
        "complaint.service": mapping(
            {
                "general": mapping({"acknowledge_workdays": _days, **_service}),
                "major": mapping({"acknowledge_hours": whole(1, 24), **_service}),
            }
        ),
        "complaint.office_hours": check_office_hours,
        "complaint.special_level": one_of(LEVELS),
        "complaint.close_days": whole(1, 365),
        "complaint.public_per_hour": whole(1, 1000),
        "complaint.uploads_per_hour": whole(1, 1000),
        "complaint.evidence": mapping({"files": whole(0, 20), "bytes": whole(1, 200_000_000)}),
        "complaint.lookups_per_hour": whole(1, 1000),
        "complaint.lookups_per_address": whole(1, 10000),
        "complaint.named_most": whole(1, 50),
        "complaint.recheck": mapping({"ask_days": _days, "answer_days": _days, "redo_days": _days}),
        "complaint.reason_least": whole(1, 500),
        "complaint.contact": mapping(
            {
                "telephone": telephone,
                "address": mapping({"zh": real_words(200), "en": real_words(300)}),
                "hours": mapping({"zh": real_words(100), "en": real_words(100)}),
            }
        ),
        "complaint.privacy": mapping({"zh": words(2000), "en": words(3000)}),
        "complaint.rights": mapping({"zh": words(800), "en": words(1200)}),
    },
)
