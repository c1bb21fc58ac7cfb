from clients.file.models import Grade
from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, whole

register(
    __file__,
    {
        "rating.validity_months": mapping({grade: whole(1, 36) for grade in Grade.values}),
        "rating.renewal_lead_days": mapping({grade: whole(0, 180) for grade in Grade.values}),
    },
)
