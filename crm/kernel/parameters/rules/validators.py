"""Which shape each parameter must have. A code without an entry here cannot be proposed."""

from decimal import Decimal
from typing import Any

from crm.kernel.parameters.rules.shapes import (
    Check,
    Problem,
    choice_list,
    clock_time,
    decimal_text,
    flag,
    listing,
    mapping,
    one_of,
    optional,
    whole,
)

GRADES = ("AAA", "AA", "A", "B", "C")
LEVELS = (1, 2, 3, 4)
# What the content check of crm.kernel.attachments can tell apart; a parameter cannot allow what nobody checks.
CHECKED_TYPES = ("pdf", "docx", "xlsx", "pptx", "ofd", "png", "jpg", "jpeg", "txt", "csv")
HIGHEST_AMOUNT = "10000000000000000"
# The fields of a client whose filling the KPI can tell (staff.kpi).
CLIENT_FIELDS = ("industry", "region", "size", "address", "legal_representative", "confirmed_on", "first_contact")

_limit = optional(decimal_text("0", HIGHEST_AMOUNT))
_matrix = mapping(
    {
        "without_grade": one_of(GRADES),
        "levels": listing(
            mapping(
                {
                    "level": one_of(LEVELS),
                    "committee": flag,
                    "limits": mapping(dict.fromkeys(GRADES, _limit)),
                    "restructuring_only": listing(one_of(GRADES), unique=""),
                },
                may_miss=["restructuring_only"],
            ),
            unique="level",
        ),
    }
)


def authority_matrix(value: Any, path: str) -> list[Problem]:
    """Coverage: every level, in order; each grade's limits rise once above zero, and only the last level has none."""
    problems = _matrix(value, path)
    if problems:
        return problems
    rows = value["levels"]
    levels = [row["level"] for row in rows]
    if levels != sorted(levels):
        problems.append(Problem("levels", "not_ascending"))
    if set(levels) != set(LEVELS):
        # The modifiers may name any level: a case must not be sent to one that is not there.
        problems.append(Problem("levels", "level_missing"))
    for grade in GRADES:
        lower = Decimal(-1)
        for index, row in enumerate(rows):
            limit, where = row["limits"][grade], f"levels[{index}].limits.{grade}"
            is_last = index == len(rows) - 1
            if (limit is None) != is_last:
                problems.append(Problem(where, "last_without_limit"))
            elif limit is not None and (Decimal(limit) < lower or (Decimal(limit) == lower and lower > 0)):
                problems.append(Problem(where, "not_ascending"))
            lower = Decimal(limit) if limit is not None else lower
    if rows[-1].get("restructuring_only"):
        # The top level must take what the others may not, or a case would find nobody.
        problems.append(Problem(f"levels[{len(rows) - 1}].restructuring_only", "above_last"))
    return problems


# The families of the catalogue of indicators (rules 4), and what a threshold by grade may be read from.
FAMILIES = ("fin", "behav", "proj", "sec", "ext", "esg", "rel")
FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "event")
_workdays = whole(1, 60)
_threshold = optional(decimal_text("-100000", "100000"))
_indicator = mapping(
    {
        "family": one_of(FAMILIES),
        "direction": one_of(("up", "down")),
        "inclusive": flag,
        "amber": _threshold,
        "amber_by": one_of(("rating.renewal_lead_days",)),
        "red": _threshold,
        "unit": one_of(("days", "ratio")),
        "frequency": one_of(FREQUENCIES),
        "respond_workdays": mapping({"amber": _workdays, "red": _workdays}),
    },
    may_miss=["amber_by"],
)


def indicator(value: Any, path: str) -> list[Problem]:
    """One indicator: red lies beyond amber on the bad side; amber is a figure, or read by grade from a parameter."""
    problems = _indicator(value, path)
    if problems:
        return problems
    if value["red"] is None or (value["amber"] is None) != ("amber_by" in value):
        problems.append(Problem("red" if value["red"] is None else "amber", "decimal_text"))
    elif value["amber"] is not None:
        step = Decimal(value["red"]) - Decimal(value["amber"])
        if (step if value["direction"] == "up" else -step) < 0:
            problems.append(Problem("red", "not_ascending"))
    return problems


_days = whole(1, 60)


def complaint_limits(value: Any, path: str) -> list[Problem]:
    """Three limits that rise: no extension may shorten the time, none may lead beyond the last."""
    problems = mapping({"simple": _days, "complex": _days, "longest": _days})(value, path)
    if not problems and not value["simple"] < value["complex"] < value["longest"]:
        problems.append(Problem("complex", "not_ascending"))
    return problems


def office_hours(value: Any, path: str) -> list[Problem]:
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
_sector = {"minimum": decimal_text("0", "1"), "institution": optional(decimal_text("0", "1"))}
_by_grade_months = mapping({grade: whole(1, 36) for grade in GRADES})
_by_grade_days = mapping({grade: whole(0, 180) for grade in GRADES})
_client_fields = listing(one_of(CLIENT_FIELDS), unique="")
_stages = ("acceptance", "investigation", "initial", "recheck", "final")
_half_hour = one_of([f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)])

VALIDATORS: dict[str, Check] = {
    "authority.matrix": authority_matrix,
    "authority.modifiers": mapping(
        {
            "unsecured_factor": decimal_text("0", "1"),
            "long_tenor_months": whole(1, 600),
            "long_tenor_level": one_of(LEVELS),
        }
    ),
    "authority.min_people": whole(1, 20),
    "capital.ratios": mapping({"sectors": choice_list(**_sector)}),
    "indicator.grade_expiry": indicator,
    "indicator.file_confirmation": indicator,
    "indicator.condition_overdue": indicator,
    "indicator.deal_capital": indicator,
    "indicator.deal_documents": indicator,
    "indicator.quiet_days": whole(0, 365),
    "rating.validity_months": _by_grade_months,
    "rating.renewal_lead_days": _by_grade_days,
    "review.sla_workdays": mapping({stage: whole(1, 60) for stage in _stages}),
    "review.remind_before_workdays": whole(0, 30),
    "review.return_workdays": whole(1, 60),
    "review.opinion_min_length": whole(1, 1000),
    "review.conflict_lookback_months": whole(1, 120),
    "review.min_investigators": whole(2, 2),
    "review.return_reasons": choice_list(),
    "review.reject_reasons": choice_list(),
    "review.recuse_reasons": choice_list(),
    "client.duplicate_lookups_per_hour": whole(1, 1000),
    "client.reveals_per_day": whole(0, 1000),
    "attachment.max_bytes": whole(1024, 1024**3),
    "attachment.types": listing(one_of(CHECKED_TYPES), unique=""),
    "attachment.unpacked_max_bytes": whole(1024, 4 * 1024**3),
    "attachment.unpacked_ratio": whole(2, 2000),
    "attachment.unpacked_entries": whole(10, 100_000),
    "attachment.image_max_side": whole(100, 40_000),
    "notify.times": mapping({"quiet_from": _half_hour, "quiet_to": _half_hour, "digest_at": _half_hour}),
    "worklist.reminders": mapping(
        {"before_workdays": whole(0, 30), "at": _half_hour, "escalate_workdays": whole(1, 30)}
    ),
    "deal.products": choice_list(kind=one_of(("fixed_asset", "working_capital", "other")), capital_test=flag),
    "deal.currencies": choice_list(to_cny=decimal_text("0.000001", "1000000")),
    "deal.max_term_months": whole(1, 1200),
    "kpi.required_client_fields": mapping(dict.fromkeys(("organisation", "individual"), _client_fields)),
    "kpi.appeal_workdays": whole(1, 60),
    "complaint.limits": complaint_limits,
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
    "complaint.office_hours": office_hours,
    "complaint.special_level": one_of(LEVELS),
    "complaint.close_days": whole(1, 365),
    "complaint.public_per_hour": whole(1, 1000),
    "complaint.lookups_per_hour": whole(1, 1000),
}


def problems_of(code: str, value: Any) -> list[Problem]:
    """What keeps `value` from being a value of `code`; KeyError when nobody has said what `code` must look like."""
    return VALIDATORS[code](value, "")


__all__ = ["CHECKED_TYPES", "GRADES", "VALIDATORS", "Problem", "problems_of"]
