from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import decimal_text, mapping, whole

register(
    __file__,
    {
        "funding.entrusted": mapping({"threshold": decimal_text("0", "1000000000"), "days": whole(1, 90)}),
        "funding.checking": mapping({"workdays": whole(1, 30)}),
    },
)
