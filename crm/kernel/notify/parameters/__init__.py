from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import half_hour, mapping

register(
    __file__,
    {"notify.times": mapping({"quiet_from": half_hour, "quiet_to": half_hour, "digest_at": half_hour})},
)
