from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import decimal_text, mapping, whole

KINDS = ("loan", "revolving", "acceptance", "guarantee_fin", "guarantee_perf", "letter_of_credit")

register(
    __file__,
    {
        "exposure.conversion": mapping({kind: decimal_text("0", "1") for kind in KINDS}),
        "facility.confirmation": mapping({"workdays": whole(1, 30)}),
    },
)
