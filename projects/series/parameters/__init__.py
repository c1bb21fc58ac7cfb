from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, whole

register(
    __file__,
    {
        "series.rhythms": mapping(
            {
                "quarterly": mapping({"meet_day": whole(1, 90), "amber_day": whole(1, 90)}),
                "half_yearly": mapping({"meet_day": whole(1, 181), "amber_day": whole(1, 181)}),
                "yearly": mapping({"meet_day": whole(1, 365), "amber_day": whole(1, 365)}),
                "explain_workdays": whole(1, 30),
            }
        )
    },
)
