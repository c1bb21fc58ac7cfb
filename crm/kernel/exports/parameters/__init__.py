from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, whole

register(
    __file__,
    {
        "export.limits": mapping(
            {
                "direct": whole(1, 50_000),
                "rows": whole(1, 200_000),
                "chunk": whole(1, 2000),
                "days": whole(1, 90),
                "at_once": whole(1, 20),
            }
        )
    },
)
