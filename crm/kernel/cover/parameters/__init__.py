from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, whole

register(
    __file__,
    {"cover.limits": mapping({"absence_days": whole(1, 90), "standing_days": whole(1, 366)})},
)
