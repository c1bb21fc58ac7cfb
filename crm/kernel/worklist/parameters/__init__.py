from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import half_hour, mapping, whole

register(
    __file__,
    {
        "worklist.reminders": mapping(
            {"before_workdays": whole(0, 30), "at": half_hour, "escalate_workdays": whole(1, 30)}
        ),
    },
)
