"""What a model comes to under a scenario: series, cover ratios, returns (rules 2.1)."""

from dataclasses import dataclass
from decimal import Decimal

from projects.cashflow.rules.debt import Schedule
from projects.cashflow.rules.funding import EXACT, Funding
from projects.cashflow.rules.inputs import Model, Series
from projects.cashflow.rules.returns import Figure, annual, irr, mirr, npv, payback

ZERO, ONE = Decimal(0), Decimal(1)
Ratios = tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Scenario:
    """Factors on a model. `rate` is added to the annual rate by the floating share; `late` shifts completion a year."""

    code: str = "base"
    revenue: Decimal = ONE
    opex: Decimal = ONE
    capex: Decimal = ONE
    rate: Decimal = ZERO
    late: bool = False


BASE = Scenario()


@dataclass(frozen=True)
class Outcome:
    """Everything computed of a model under one scenario. Series run over the periods of operation, in the model's unit;
    `flows_…` over the whole life from t = 0.
    """

    model: Model
    scenario: Scenario
    funding: Funding
    delay: int
    revenue: Series
    opex: Series
    maintenance: Series
    working_capital: Series
    depreciation: Series
    tax: Series
    cfads: Series
    schedules: tuple[Schedule, ...]
    opening: Series
    interest: Series
    principal: Series
    service: Series
    dscr: Ratios
    rolling: Ratios
    llcr: Ratios
    plcr: Ratios
    cover: Ratios
    interest_cover: Ratios
    sculpted_cover: Decimal | None
    flows_before_tax: Series
    flows_project: Series
    flows_equity: Series

    @property
    def first(self) -> int | None:
        """The first period of repayment, counted in operation from 0."""
        return next((period for period, one in enumerate(self.principal) if one > EXACT), None)

    @property
    def last(self) -> int | None:
        """The period of final maturity."""
        paid = [period for period, one in enumerate(self.service) if one > EXACT]
        return paid[-1] if paid else None

    @property
    def minimum(self) -> Figure:
        """The smallest DSCR of all periods with debt service."""
        value = min((one for one in self.dscr if one is not None), default=None)
        return Figure(value, "no_service" if value is None else None)

    @property
    def average(self) -> Figure:
        """The arithmetic mean of the DSCR."""
        found = [one for one in self.dscr if one is not None]
        return Figure(sum(found, ZERO) / len(found)) if found else Figure(None, "no_service")

    @property
    def pooled(self) -> Figure:
        """All CFADS of periods with service by all service."""
        served = [place for place, one in enumerate(self.dscr) if one is not None]
        total = sum((self.service[place] for place in served), ZERO)
        return (
            Figure(sum((self.cfads[place] for place in served), ZERO) / total) if total else Figure(None, "no_service")
        )

    @property
    def llcr_first(self) -> Figure:
        """LLCR at the first repayment."""
        return self._first_of(self.llcr)

    @property
    def plcr_first(self) -> Figure:
        """PLCR at the first repayment."""
        return self._first_of(self.plcr)

    def _first_of(self, ratios: Ratios) -> Figure:
        value = None if self.first is None else ratios[self.first]
        return Figure(value, "no_debt" if value is None else None)

    @property
    def gearing(self) -> Decimal:
        """Debt by total cost."""
        return self.funding.debt / self.funding.cost if self.funding.cost else ZERO

    @property
    def tail_years(self) -> Figure:
        """Years of operation after final maturity."""
        if self.last is None:
            return Figure(None, "no_service")
        return Figure(Decimal(len(self.cfads) - 1 - self.last) / self.model.ppy)

    @property
    def tail_share(self) -> Figure:
        """The part of all CFADS that comes after final maturity."""
        total = sum(self.cfads, ZERO)
        if self.last is None or total <= 0:
            return Figure(None, "no_service")
        return Figure(sum(self.cfads[self.last + 1 :], ZERO) / total)

    @property
    def irr_before_tax(self) -> Figure:
        """Project IRR before tax, effective annual."""
        return annual(irr(self.flows_before_tax), self.model.ppy)

    @property
    def irr_project(self) -> Figure:
        """Project IRR after adjusted tax, effective annual."""
        return annual(irr(self.flows_project), self.model.ppy)

    @property
    def irr_equity(self) -> Figure:
        """IRR of the capital, effective annual."""
        return annual(irr(self.flows_equity), self.model.ppy)

    @property
    def mirr(self) -> Figure:
        """MIRR of the project: outlays at the rate of debt, returns at the hurdle, effective annual."""
        ppy, model = self.model.ppy, self.model
        finance = sum((one.share * one.rate for one in model.tranches), ZERO) or model.npv_rate
        return annual(mirr(self.flows_project, finance / ppy, model.hurdle / ppy), ppy)

    @property
    def npv(self) -> Decimal:
        """NPV of the project after tax at the model's rate."""
        return npv(self.discount, self.flows_project)

    @property
    def discount(self) -> Decimal:
        """The periodic rate of NPV: nominal by periods, as every rate of the model."""
        return self.model.npv_rate / self.model.ppy

    @property
    def payback(self) -> Figure:
        """Years from t = 0 until the project's flows have come back."""
        return self._years(payback(self.flows_project))

    @property
    def payback_discounted(self) -> Figure:
        """The same with discounted flows."""
        return self._years(payback(self.flows_project, self.discount))

    def _years(self, found: Figure) -> Figure:
        return found if found.value is None else Figure(found.value / self.model.ppy, found.reason)
