from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import whole

register(
    __file__,
    {
        "client.duplicate_lookups_per_hour": whole(1, 1000),
        "client.reveals_per_day": whole(0, 1000),
    },
)
