from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import decimal_text, mapping, whole

register(
    __file__,
    {
        "servicing.overdue": mapping({"surcharge": decimal_text("30", "50"), "principal_first_after": whole(1, 360)}),
        "servicing.reminder": mapping({"workdays": whole(1, 30), "soon_days": whole(1, 90)}),
        "servicing.checking": mapping({"workdays": whole(1, 30)}),
    },
)
