"""What a cash-flow model is made of (rules-2 4.1), and what is wrong with one that cannot be computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Series = tuple[Decimal, ...]
Kind = Literal["equal", "level", "bullet", "custom", "sculpted"]
MOST_PERIODS = 240
MOST_AMOUNT = Decimal(10) ** 14
# How far shares may be from 1 together.
SHARES_OFF = Decimal("1e-9")
KINDS: tuple[Kind, ...] = ("equal", "level", "bullet", "custom", "sculpted")


@dataclass(frozen=True)
class Tranche:
    """One loan: its share of all draws, annual nominal rate, and `periods` of repayment from the first of operation.

    The first `grace` of them pay interest only, or add it to the principal where `capitalised`. `shares`: of a custom
    schedule, one for each period.
    """

    name: str
    share: Decimal
    rate: Decimal
    kind: Kind
    periods: int
    grace: int = 0
    floating: Decimal = Decimal(1)
    capitalised: bool = False
    shares: Series = ()


@dataclass(frozen=True)
class Model:
    """Inputs of one project, amounts in one unit, flows at period ends; rates are fractions, annual and nominal.

    `capex`: of each period of construction; with `at_close` its single amount is paid at t = 0. Series of operation
    have one value for each period. `tax_rates`: by year of operation, the last one holds on.
    """

    ppy: int
    capex: Series
    tranches: tuple[Tranche, ...]
    gearing: Decimal
    revenue: Series = ()
    opex: Series = ()
    maintenance: Series = ()
    working_capital: Series = ()
    cfads: Series = ()
    at_close: bool = False
    idc_method: Literal["half_period", "opening"] = "half_period"
    idc_paid_by: Literal["funding", "equity"] = "funding"
    upfront_fee: Decimal = Decimal(0)
    commitment_fee: Decimal = Decimal(0)
    facility: Decimal | None = None
    life_years: int = 0
    residual: Decimal = Decimal("0.05")
    residual_recovered: bool = False
    depreciation: Series = ()
    tax_mode: Literal["computed", "given", "none"] = "computed"
    tax_rates: Series = (Decimal("0.25"),)
    tax: Series = ()
    loss_years: int = 5
    target_dscr: Decimal | None = None
    hurdle: Decimal = Decimal("0.08")
    npv_rate: Decimal = Decimal("0.08")
    reserve_months: int = 0
    reserve_opening: Decimal = Decimal(0)
    sweep: Decimal = Decimal(0)
    life_fixed_end: bool = False
    shift_maturity: bool = False

    @property
    def is_given(self) -> bool:
        """Whether CFADS stands as it was given instead of being built."""
        return bool(self.cfads)

    @property
    def operation(self) -> int:
        """Periods of operation."""
        return len(self.cfads or self.revenue)

    @property
    def construction(self) -> int:
        """Periods of construction."""
        return 0 if self.at_close else len(self.capex)


@dataclass(frozen=True)
class Problem:
    """Why a model cannot be computed: the field, and a code that pages put in words."""

    field: str
    code: str


def find_problems(model: Model) -> list[Problem]:
    """Everything that is wrong, in the order of the inputs; nothing of it depends on a computation."""
    found = [*_of_timeline(model), *_of_amounts(model), *_of_rates(model)]
    for place, tranche in enumerate(model.tranches):
        found += _of_tranche(model, tranche, f"tranches.{place}")
    if model.tranches and abs(sum((one.share for one in model.tranches), Decimal(0)) - 1) > SHARES_OFF:
        found.append(Problem("tranches", "shares_off"))
    if sum(one.kind == "sculpted" for one in model.tranches) > 1:
        found.append(Problem("tranches", "one_sculpted"))
    if model.target_dscr is not None and (
        not Decimal(1) <= model.target_dscr <= 5 or all(one.kind != "sculpted" for one in model.tranches)
    ):
        found.append(Problem("target_dscr", "target_wrong"))
    return found


def _of_timeline(model: Model) -> Iterable[Problem]:
    if model.ppy not in (1, 2, 4):
        yield Problem("ppy", "not_regular")
    if not model.capex or (model.at_close and len(model.capex) != 1):
        yield Problem("capex", "no_outlay")
    if not model.operation:
        yield Problem("revenue", "no_operation")
    if model.construction + model.operation > MOST_PERIODS:
        yield Problem("revenue", "too_long")
    if not model.is_given:
        for name in ("opex", "maintenance", "working_capital", "tax", "depreciation"):
            values = getattr(model, name)
            if (name == "opex" or values) and len(values) != model.operation:
                yield Problem(name, "periods_differ")
        if model.tax_mode == "given" and not model.tax:
            yield Problem("tax", "periods_differ")


def _of_amounts(model: Model) -> Iterable[Problem]:
    for name in ("capex", "revenue", "opex", "maintenance", "working_capital", "cfads", "tax", "depreciation"):
        values: Series = getattr(model, name)
        signed = name in {"working_capital", "cfads", "tax"}
        if any(not value.is_finite() or abs(value) >= MOST_AMOUNT for value in values):
            yield Problem(name, "not_an_amount")
        elif not signed and any(value < 0 for value in values):
            yield Problem(name, "negative")
    if all(not value for value in model.capex):
        yield Problem("capex", "no_outlay")


def _of_rates(model: Model) -> Iterable[Problem]:
    shares = ("gearing", "residual", "sweep", "upfront_fee", "commitment_fee", "hurdle", "npv_rate")
    for name in shares:
        if not 0 <= getattr(model, name) <= 1:
            yield Problem(name, "not_a_share")
    if not model.tax_rates or any(not 0 <= rate <= 1 for rate in model.tax_rates):
        yield Problem("tax_rates", "not_a_share")
    if model.gearing and not model.tranches:
        yield Problem("tranches", "no_tranche")
    if not 0 <= model.life_years <= 100:
        yield Problem("life_years", "not_regular")
    if not 0 <= model.loss_years <= 100:
        yield Problem("loss_years", "not_regular")
    if not 0 <= model.reserve_months <= 24 or model.reserve_opening < 0:
        yield Problem("reserve_months", "not_regular")


def _of_tranche(model: Model, tranche: Tranche, place: str) -> Iterable[Problem]:
    if tranche.kind not in KINDS:
        yield Problem(f"{place}.kind", "unknown")
    for name in ("share", "rate", "floating"):
        if not 0 <= getattr(tranche, name) <= 1:
            yield Problem(f"{place}.{name}", "not_a_share")
    if not 1 <= tranche.periods <= max(model.operation, 1):
        yield Problem(f"{place}.periods", "beyond_operation")
    elif not 0 <= tranche.grace < tranche.periods:
        yield Problem(f"{place}.grace", "no_repayment_left")
    if tranche.kind == "custom":
        wrong = len(tranche.shares) != tranche.periods or any(share < 0 for share in tranche.shares)
        if wrong or abs(sum(tranche.shares, Decimal(0)) - 1) > SHARES_OFF:
            yield Problem(f"{place}.shares", "shares_off")
