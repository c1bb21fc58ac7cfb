"""Which plans a contract may have by what it says about repayment."""

BY_RULE = ("equal_principal", "equal_payment", "bullet")


def kinds_for(repayment: str) -> tuple[str, ...]:
    """The kinds of plan of a contract; a revolving limit and instalments by schedule leave the choice open."""
    if repayment in BY_RULE:
        return (repayment,)
    return ("custom", "equal_principal", "equal_payment", *(("bullet",) if repayment == "revolving" else ()))
