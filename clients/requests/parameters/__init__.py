from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, one_of, whole

TIERS = ("strategic", "key", "ordinary")
HALF_HOURS = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))

register(
    __file__,
    {
        "request.service": mapping(
            {
                "first_answer_hours": mapping(dict.fromkeys(TIERS, whole(1, 80))),
                "default_tier": one_of(TIERS),
                "opens": one_of(HALF_HOURS),
                "closes": one_of(HALF_HOURS),
                "solve_workdays": whole(1, 60),
                "call_back_workdays": whole(1, 30),
                "back_days": whole(1, 366),
                "double_hours": whole(1, 240),
            }
        ),
        "request.measures": mapping({"days": whole(7, 366), "least": whole(1, 100), "target_percent": whole(1, 99)}),
    },
)
