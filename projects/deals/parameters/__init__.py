import re
from typing import Any

from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import (
    Problem,
    choice_list,
    decimal_text,
    flag,
    listing,
    mapping,
    one_of,
    optional,
    whole,
    words,
)

_share = decimal_text("0", "1")
_part = decimal_text("0", "0.99")
_months = optional(whole(1, 1200))
_term = listing(mapping({"product": words(8), "normal": _months, "longest": _months}), unique="product")


def _division(value: Any, path: str) -> list[Problem]:
    """A division of GB/T 4754: two digits."""
    fits = isinstance(value, str) and re.fullmatch(r"[0-9]{2}", value)
    return [] if fits else [Problem(path, "text", {"high": 2})]


def check_terms(value: Any, path: str) -> list[Problem]:
    """The longest term of a product is not below its normal one; a bound above which nothing is said is none."""
    problems = _term(value, path)
    if problems:
        return problems
    return [
        Problem(f"[{index}].longest", "not_ascending")
        for index, row in enumerate(value)
        if row["longest"] is not None and (row["normal"] is None or row["longest"] < row["normal"])
    ]


register(
    __file__,
    {
        "capital.ratios": mapping({"sectors": choice_list(minimum=_share, institution=optional(_share))}),
        "deal.products": choice_list(kind=one_of(("fixed_asset", "working_capital", "other")), capital_test=flag),
        "deal.currencies": choice_list(to_cny=decimal_text("0.000001", "1000000")),
        "deal.max_term_months": whole(1, 1200),
        "deal.terms": check_terms,
        "deal.sector_divisions": listing(
            mapping({"sector": words(20), "divisions": listing(_division, unique="")}), unique="sector"
        ),
        "capital.counting": mapping({"know_how": _part, "instruments": _part}),
        "capital.short_board": mapping(
            {"most_points": decimal_text("0", "5"), "sectors": listing(words(20), unique="", least=0)}
        ),
        "deal.purpose_min_length": whole(1, 500),
        "deal.twin_amount_percent": whole(0, 50),
        "deal.rehearing": mapping({"within_months": whole(1, 24), "final_months": whole(0, 60)}),
        "deal.prolongation_months": whole(1, 12),
        "deal.validity": mapping(
            {
                "fixed": whole(1, 24),
                "others": whole(1, 24),
                "remind_days": listing(whole(1, 180), unique=""),
            }
        ),
    },
)
