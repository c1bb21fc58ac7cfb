from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import choice_list, decimal_text, flag, mapping, one_of, optional, whole

_share = decimal_text("0", "1")

register(
    __file__,
    {
        "capital.ratios": mapping({"sectors": choice_list(minimum=_share, institution=optional(_share))}),
        "deal.products": choice_list(kind=one_of(("fixed_asset", "working_capital", "other")), capital_test=flag),
        "deal.currencies": choice_list(to_cny=decimal_text("0.000001", "1000000")),
        "deal.max_term_months": whole(1, 1200),
        "deal.twin_amount_percent": whole(0, 50),
    },
)
