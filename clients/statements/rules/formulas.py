"""The list of ratios as declarations: code, names, unit, direction, formula, what a denominator of 0 or less means.

Rules-2 3.1 and 3.3. A formula is a signed sum over a signed sum; its terms are lines of the statements, derived
amounts, `avg:` for the average over the twelve months and `prev:` for the same figure a year earlier. Flows are those
of the last twelve months. Shares are stored as fractions.
"""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["percent", "times", "days", "yuan"]
Direction = Literal["higher", "lower", "none"]
# GOOD: the burden does not exist. BAD: the denominator itself is the bad news. NB: no basis. BASE: the base of the
# comparison is not above 0. MISS: an input is missing (rules-2 3.2).
Reason = Literal["GOOD", "BAD", "NB", "BASE", "MISS"]
Family = Literal["solvency", "activity", "profit", "growth", "cash", "structure"]
Kind = Literal["quotient", "growth", "compound", "cycle", "amount"]

FAMILIES: dict[Family, tuple[str, str]] = {
    "solvency": ("偿债能力", "Solvency"),
    "activity": ("营运能力", "Activity"),
    "profit": ("盈利能力", "Profitability"),
    "growth": ("成长能力", "Growth"),
    "cash": ("现金流量", "Cash flow"),
    "structure": ("结构与或有负债", "Structure and contingent debt"),
}

# Amounts derived from lines. `interest` is P071, or what `ratios` takes where P071 is missing.
DERIVED: dict[str, str] = {
    "IBD": "L101 + L112 + L201 + L202 + L203 + L204 - M05 + M06",
    "SIBD": "L101 + L112 + M06",
    "EBIT": "P30 + interest",
    "EBITDA": "EBIT + M01",
    "INT": "P071 + M02",
    "CASH": "A101 - M03",
    "TNW": "E198 - M08 - A213 + M07 - A214 - A215 - A216 - A217",
    "WC": "A199 - L199",
}
DERIVED_NAMES: dict[str, tuple[str, str]] = {
    "IBD": ("有息债务", "Interest-bearing debt"),
    "SIBD": ("短期有息债务", "Short-term interest-bearing debt"),
    "EBIT": ("息税前利润", "EBIT"),
    "EBITDA": ("息税折旧摊销前利润", "EBITDA"),
    "INT": ("利息支出（含资本化）", "Interest incl. capitalised"),
    "CASH": ("非受限货币资金", "Unrestricted cash"),
    "TNW": ("有形净资产", "Tangible net worth"),
    "WC": ("营运资金", "Working capital"),
}


@dataclass(frozen=True)
class Ratio:
    """One ratio. `zero` and `negative` are the reasons that stand for the number when the denominator is so."""

    code: str
    zh: str
    en: str
    family: Family
    unit: Unit
    direction: Direction
    top: str
    bottom: str = ""
    zero: Reason = "NB"
    negative: Reason = "NB"
    kind: Kind = "quotient"
    # The value when the numerator is 0, whatever the denominator.
    without_top: int | None = None
    # Both ends of the average must be above 0, not only their mean.
    both_ends: bool = False

    @property
    def formula(self) -> str:
        """The formula in codes, as the table of the rules prints it."""
        if self.kind == "growth":
            return f"{self.top} / prev:{self.top} - 1"
        if self.kind == "compound":
            return f"({self.top} / prev3:{self.top}) ^ (1/3) - 1"
        if self.kind != "quotient":
            return self.top
        top = f"({self.top})" if " " in self.top else self.top
        return f"{top} / {self.bottom}"


# Where the rules name only a denominator of 0 as good, one below 0 is a broken figure and counts as bad: a negative
# burden must never make a grade better [D].
RATIOS: tuple[Ratio, ...] = (
    Ratio("R01", "资产负债率", "Debt to assets", "solvency", "percent", "lower", "L999", "A999"),
    Ratio("R02", "流动比率", "Current ratio", "solvency", "times", "higher", "A199", "L199", "GOOD", "BAD"),
    Ratio("R03", "速动比率", "Quick ratio", "solvency", "times", "higher", "A199 - A109", "L199", "GOOD", "BAD"),
    Ratio("R04", "现金比率", "Cash ratio", "solvency", "times", "higher", "CASH + A102", "L199", "GOOD", "BAD"),
    Ratio("R05", "利息保障倍数", "Interest cover", "solvency", "times", "higher", "EBIT", "INT", "GOOD", "BAD"),
    Ratio("R06", "EBITDA 利息保障倍数", "EBITDA cover", "solvency", "times", "higher", "EBITDA", "INT", "GOOD", "BAD"),
    Ratio(
        *("R07", "有息债务/EBITDA", "Debt to EBITDA", "solvency", "times", "lower", "IBD", "EBITDA", "BAD", "BAD"),
        without_top=0,
    ),
    Ratio("R08", "产权比率", "Debt to equity", "solvency", "times", "lower", "L999", "E999", "BAD", "BAD"),
    Ratio("R09", "有息债务率", "Interest-bearing debt ratio", "solvency", "percent", "lower", "IBD", "A999"),
    Ratio(
        *("R10", "长期资金适合率", "Long-term funding ratio", "solvency", "times", "higher"),
        *("E999 + L299", "A299", "GOOD", "BAD"),
    ),
    Ratio(
        "R11", "短期有息债务占比", "Short-term debt share", "solvency", "percent", "lower", "SIBD", "IBD", "GOOD", "BAD"
    ),
    Ratio("R12", "货币资金/短期有息债务", "Cash to debt", "solvency", "times", "higher", "CASH", "SIBD", "GOOD", "BAD"),
    Ratio("R13", "应收账款周转率", "Receivables turnover", "activity", "times", "higher", "P01", "avg:A105"),
    Ratio("R14", "存货周转率", "Inventory turnover", "activity", "times", "higher", "P02", "avg:A109"),
    Ratio("R15", "应付账款周转率", "Payables turnover", "activity", "times", "none", "P02", "avg:L105"),
    Ratio(
        *("R16", "现金转换周期", "Cash conversion cycle", "activity", "days", "lower"),
        *("360 / R13 + 360 / R14 - 360 / R15",),
        kind="cycle",
    ),
    Ratio("R17", "总资产周转率", "Asset turnover", "activity", "times", "higher", "P01", "avg:A999"),
    Ratio("R18", "毛利率", "Gross margin", "profit", "percent", "higher", "P01 - P02", "P01"),
    Ratio("R19", "营业利润率", "Operating margin", "profit", "percent", "higher", "P20", "P01"),
    Ratio("R20", "净利率", "Net margin", "profit", "percent", "higher", "P40", "P01"),
    Ratio("R21", "总资产报酬率", "Return on assets", "profit", "percent", "higher", "EBIT", "avg:A999"),
    Ratio(
        *("R22", "净资产收益率", "Return on equity", "profit", "percent", "higher", "P43", "avg:E198", "BAD", "BAD"),
        both_ends=True,
    ),
    Ratio("R23", "EBITDA 率", "EBITDA margin", "profit", "percent", "higher", "EBITDA", "P01"),
    Ratio("R24", "期间费用率", "Expense ratio", "profit", "percent", "lower", "P04 + P05 + P06 + P07", "P01"),
    Ratio("R25", "营业收入增长率", "Revenue growth", "growth", "percent", "higher", "P01", kind="growth"),
    Ratio("R26", "净利润增长率", "Net profit growth", "growth", "percent", "higher", "P40", kind="growth"),
    Ratio("R27", "总资产增长率", "Asset growth", "growth", "percent", "higher", "A999", kind="growth"),
    Ratio(
        *("R28", "收入三年复合增长率", "Revenue growth, three years", "growth", "percent", "higher", "P01"),
        kind="compound",
    ),
    Ratio(
        *("R29", "经营现金流/流动负债", "Operating cash flow to current liabilities", "cash", "percent", "higher"),
        *("C20", "L199", "GOOD", "BAD"),
    ),
    Ratio("R30", "收现比", "Cash received to revenue", "cash", "times", "higher", "C01", "P01"),
    Ratio("R31", "净现比", "Operating cash flow to profit", "cash", "times", "higher", "C20", "P40", "BASE", "BASE"),
    Ratio(
        *("R32", "经营现金流/有息债务", "Operating cash flow to debt", "cash", "percent", "higher"),
        *("C20", "IBD", "GOOD", "BAD"),
    ),
    Ratio("R33", "自由现金流", "Free cash flow", "cash", "yuan", "higher", "C20 - C31", kind="amount"),
    Ratio(
        *("R34", "流动负债占比", "Current share of liabilities", "structure", "percent", "lower"),
        *("L199", "L999", "GOOD", "BAD"),
    ),
    Ratio(
        *("R35", "应收与存货占流动资产", "Receivables and inventory share", "structure", "percent", "lower"),
        *("A104 + A105 + A106 + A109 + A110", "A199"),
    ),
    Ratio(
        *("R36", "对外担保/净资产", "Guarantees to equity", "structure", "percent", "lower"),
        *("M04", "E999", "BAD", "BAD"),
    ),
)
BY_CODE = {ratio.code: ratio for ratio in RATIOS}
