from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, whole

register(
    __file__,
    {
        "import.limits": mapping(
            {"rows": whole(1, 100_000), "columns": whole(1, 200), "cell": whole(20, 5000), "chunk": whole(1, 1000)}
        )
    },
)
