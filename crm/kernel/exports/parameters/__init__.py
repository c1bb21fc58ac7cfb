from crm.kernel.declarations.parameters import register
from crm.kernel.exports.selectors import most_direct
from crm.kernel.parameters.rules.shapes import mapping, whole
from crm.kernel.web.exports import use_limit

use_limit(most_direct)

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
