from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import listing, mapping, one_of, whole
from staff.kpi.selectors.measures import FILLED

# Only fields that the KPI can tell filled from empty.
_fields = listing(one_of(FILLED), unique="")

register(
    __file__,
    {
        "kpi.required_client_fields": mapping({"organisation": _fields, "individual": _fields}),
        "kpi.appeal_workdays": whole(1, 60),
        "kpi.ranked_from": whole(1, 100),
    },
)
