"""Construction: fees, interest during construction, draws and equity of each period (rules-2 4.2, 1 and 2)."""

from dataclasses import dataclass
from decimal import Decimal

from projects.cashflow.rules.inputs import Model, Series

ZERO, ONE, TWO = Decimal(0), Decimal(1), Decimal(2)
# 0.01 yuan in a model in 万元.
EXACT = Decimal("0.000001")


@dataclass(frozen=True)
class Funding:
    """What construction costs and who pays it, period by period."""

    fees: Series
    idc: Series
    draws: Series
    equity: Series
    cost: Decimal
    debt: Decimal


def blended_rate(model: Model) -> Decimal:
    """The rate of all tranches by their shares, annual."""
    return sum((one.share * one.rate for one in model.tranches), ZERO)


def fund(model: Model) -> Funding:
    """Draws pay capex, fees and interest by the gearing, equity the rest; a facility not given is what is drawn."""
    if model.facility is not None or not (model.upfront_fee or model.commitment_fee):
        return _fund(model, model.facility or ZERO)
    facility, found = ZERO, _fund(model, ZERO)
    for _ in range(200):
        if abs(found.debt - facility) < EXACT:
            break
        facility = found.debt
        found = _fund(model, facility)
    return found


def _fund(model: Model, facility: Decimal) -> Funding:
    gearing, rate = model.gearing, ZERO if model.at_close else blended_rate(model) / model.ppy
    by_equity = model.idc_paid_by == "equity"
    fees, idc, draws, equity, balance = [], [], [], [], ZERO
    for period, capex in enumerate(model.capex):
        fee = model.commitment_fee / model.ppy * max(facility - balance, ZERO)
        fee += model.upfront_fee * facility if period == 0 else ZERO
        spent = capex + fee
        if by_equity:
            draw = gearing * spent
            interest = (balance + draw / TWO) * rate if model.idc_method == "half_period" else balance * rate
        elif model.idc_method == "half_period":
            draw = gearing * (spent + balance * rate) / (ONE - gearing * rate / TWO)
            interest = (balance + draw / TWO) * rate
        else:
            interest = balance * rate
            draw = gearing * (spent + interest)
        fees.append(fee)
        idc.append(interest)
        draws.append(draw)
        equity.append(spent + interest - draw)
        balance += draw
    cost = sum(model.capex, ZERO) + sum(fees, ZERO) + sum(idc, ZERO)
    return Funding(tuple(fees), tuple(idc), tuple(draws), tuple(equity), cost, balance)
