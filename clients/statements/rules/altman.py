"""The Altman family: which model suits a firm and why, its terms and zone (rules 3.5, rules-2 3.3). Advisory only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from clients.statements.rules.periods import ARITHMETIC, ZERO, Amount, Book, Gap, merge, usable
from clients.statements.rules.ratios import Reader, total_of

Zone = Literal["distress", "grey", "safe"]
# Why this model, or why none: the caller makes the sentence.
Choice = Literal[
    "listed_manufacturer", "private_manufacturer", "other_firm", "bank_or_insurer", "spv_under_construction"
]
Trouble = Literal["", "missing", "no_assets", "no_liabilities", "not_applicable"]

MANUFACTURING, FINANCE = "C", "J"
CONSTANT_OF_EM = Decimal("3.25")


@dataclass(frozen=True)
class Model:
    """Weights of X1 to X5 and the zone between `distress` and `safe`; both boundaries are grey."""

    code: str
    name: str
    weights: tuple[Decimal, ...]
    distress: Decimal
    safe: Decimal
    uses_market_value: bool = False

    def zone(self, score: Decimal) -> Zone:
        """The zone of a score."""
        if score < self.distress:
            return "distress"
        return "safe" if score > self.safe else "grey"

    def score(self, values: tuple[Decimal, ...]) -> Decimal:
        """The weighted sum of X1 to X5."""
        total = ZERO
        for weight, value in zip(self.weights, values, strict=True):
            total = ARITHMETIC.fma(weight, value, total)
        return total


def _model(code: str, name: str, weights: str, distress: str, safe: str, uses_market_value: bool = False) -> Model:
    factors = tuple(Decimal(weight) for weight in weights.split())
    return Model(code, name, factors, Decimal(distress), Decimal(safe), uses_market_value)


MODELS: Mapping[str, Model] = {
    model.code: model
    for model in (
        _model("z", "Z", "1.2 1.4 3.3 0.6 1.0", "1.81", "2.99", uses_market_value=True),
        _model("z_private", "Z′", "0.717 0.847 3.107 0.420 0.998", "1.23", "2.90"),
        # No X5; `em` adds a constant to the same sum, so its zones lie higher by about as much.
        _model("z_other", "Z″", "6.56 3.26 6.72 1.05 0", "1.10", "2.60"),
        _model("em", "Z″ EM", "6.56 3.26 6.72 1.05 0", "4.35", "5.85"),
    )
}
# X1 to X4 over total assets or liabilities, of closing balances and flows of the last twelve months.
NUMERATORS = ("WC", "E107 + E108", "EBIT", "", "P01")


@dataclass(frozen=True)
class Firm:
    """What the choice of the model asks: the GB/T 4754 section and two facts."""

    section: str
    is_listed: bool = False
    is_spv_under_construction: bool = False


@dataclass(frozen=True)
class Altman:
    """The score of a day, or none and why: `trouble` with the gaps. `values` are X1 to X5, `em` the EM score (Z″)."""

    choice: Choice
    model: Model | None
    score: Decimal | None = None
    zone: Zone | None = None
    values: tuple[Decimal, ...] = ()
    em: Decimal | None = None
    trouble: Trouble = ""
    flags: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


def choose_model(firm: Firm) -> tuple[Choice, Model | None]:
    """The model that suits the firm; none for banks, insurers and project companies that still build."""
    if firm.section == FINANCE:
        return "bank_or_insurer", None
    if firm.is_spv_under_construction:
        return "spv_under_construction", None
    if firm.section != MANUFACTURING:
        return "other_firm", MODELS["z_other"]
    if firm.is_listed:
        return "listed_manufacturer", MODELS["z"]
    return "private_manufacturer", MODELS["z_private"]


def score_firm(book: Book, day: date, firm: Firm) -> Altman:
    """The Altman score of the firm as of `day` by the model that suits it. Never an exception."""
    choice, model = choose_model(firm)
    if model is None:
        return Altman(choice, None, trouble="not_applicable")
    reader = Reader(book, day)
    assets, liabilities = reader.read("A999"), reader.read("L999")
    tops = [total_of(reader.put_in(formula)) for formula in NUMERATORS]
    tops[3] = reader.read("M11" if model.uses_market_value else "E999")
    if not model.weights[4]:
        tops[4] = Amount(ZERO)
    whole = merge(assets, liabilities, *tops, value=ZERO)
    blank = Altman(choice, model, flags=whole.flags, gaps=whole.gaps, trouble="missing")
    if whole.value is None or assets.value is None or liabilities.value is None:
        return blank
    if assets.value <= 0:
        return _without(blank, "no_assets")
    if liabilities.value <= 0:
        return _without(blank, "no_liabilities")
    bases = [assets.value] * 3 + [liabilities.value, assets.value]
    values = tuple(
        ARITHMETIC.divide(top.value, base) for top, base in zip(tops, bases, strict=True) if top.value is not None
    )
    score = usable(model.score(values))
    if score is None:
        return blank
    em = ARITHMETIC.add(score, CONSTANT_OF_EM) if model.code == "z_other" else None
    return Altman(choice, model, score, model.zone(score), values, em, "", whole.flags)


def _without(blank: Altman, trouble: Trouble) -> Altman:
    return Altman(blank.choice, blank.model, trouble=trouble, flags=blank.flags, gaps=blank.gaps)
