from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, whole


def _longer(most: int) -> object:
    return mapping({"meet_day": whole(1, most), "amber_day": whole(1, most)})


register(
    __file__,
    {
        "series.rhythms": mapping(
            {
                "quarterly": _longer(90),
                "half_yearly": _longer(181),
                "yearly": _longer(365),
                "explain_workdays": whole(1, 30),
            }
        )
    },
)
