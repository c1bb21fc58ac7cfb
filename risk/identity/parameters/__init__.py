from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import listing, mapping, one_of, whole
from risk.identity.policies import CONFIRMATION, CONFIRMERS

register(
    __file__,
    {
        CONFIRMATION: mapping(
            {"roles": listing(one_of([str(role) for role in CONFIRMERS]), unique=""), "workdays": whole(1, 30)}
        )
    },
)
