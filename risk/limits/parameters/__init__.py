"""The shapes of what limits read: the formula, own capital, room by industry."""

from clients.file.models import Grade
from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import decimal_text, mapping, optional, whole

SECTIONS = tuple("ABCDEFGHIJKLMNOPQRST")
yuan = decimal_text("0", "99999999999999")
share = decimal_text("0", "1")

register(
    __file__,
    {
        "limit.formula": mapping(
            {
                "coefficients": mapping({grade: decimal_text("0", "5") for grade in Grade.values}),
                "caps": mapping({"loans": share, "exposure": share, "group": share}),
                "step": decimal_text("1", "100000000"),
                "validity_months": whole(1, 36),
            }
        ),
        "limit.own_capital": mapping({"net": optional(yuan), "tier1": optional(yuan)}),
        "limit.own_capital_max_age_days": whole(1, 730),
        "limit.sector_room": mapping(dict.fromkeys(SECTIONS, yuan), may_miss=SECTIONS),
    },
)
