"""The lines of the three statements with their codes, names and totals (rules-2 2.2 to 2.5), as one table.

Amounts are natural-positive: treasury shares, outflows and expenses are stored above zero; only impairment losses are
negative (layout of 2019). A memo line that is empty is unknown; a printed line that is empty is zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

BALANCE, INCOME, CASH, NOTES = "balance", "income", "cash", "notes"
FORMS = (BALANCE, INCOME, CASH, NOTES)
CAS2019, SMALL, CAS_OLD = "cas2019", "small", "cas_old"
CLOSING, OPENING, YTD, COMPARATIVE = "closing", "opening", "ytd", "comparative"
CURRENT, PRIOR = 0, 1
# Columns by form: this period first, what is printed beside it second.
COLUMNS: dict[str, tuple[str, str]] = {
    BALANCE: (CLOSING, OPENING),
    INCOME: (YTD, COMPARATIVE),
    CASH: (YTD, COMPARATIVE),
    NOTES: (CLOSING, OPENING),
}
# Notes about flows stand in the columns of flows.
FLOW_NOTES = frozenset({"M01", "M02", "M09"})
ZERO = Decimal(0)
TOTAL, PART, MEMO = 1, 2, 3

Term = tuple[int, str]


@dataclass(frozen=True)
class Line:
    """One line. `terms`: the signed codes whose sum a total is. `small`: its name in the small-enterprise layout, ""
    where that does not print it.
    """

    code: str
    form: str
    zh: str
    en: str
    level: int = PART
    terms: tuple[Term, ...] = ()
    small: str = ""

    @property
    def is_total(self) -> bool:
        """Whether it is the sum of other lines."""
        return bool(self.terms)

    @property
    def is_memo(self) -> bool:
        """Whether empty means unknown: an of-which line or a note."""
        return self.level == MEMO

    @property
    def columns(self) -> tuple[str, str]:
        """The columns its values stand in, this period first."""
        return COLUMNS[INCOME] if self.code in FLOW_NOTES else COLUMNS[self.form]

    def named(self, language: str, layout: str = CAS2019) -> str:
        """Its name in a language: the printed Chinese one of the layout, else English."""
        if not language.startswith("zh"):
            return self.en
        return self.small if layout == SMALL and self.small else self.zh


# code|level|name|English name|name in the small layout ("=": the same, empty: not printed)|parts of a total
_TABLE = """
A101|2|货币资金|Cash and bank|=
A102|2|交易性金融资产|Trading financial assets|短期投资
A103|2|衍生金融资产|Derivatives (asset)
A104|2|应收票据|Notes receivable|=
A105|2|应收账款|Accounts receivable|=
A106|2|应收款项融资|Receivables at FVOCI
A107|2|预付款项|Prepayments|预付账款
A108|2|其他应收款|Other receivables|应收股利、应收利息、其他应收款
A109|2|存货|Inventories|=
A110|2|合同资产|Contract assets
A111|2|持有待售资产|Assets held for sale
A112|2|一年内到期的非流动资产|Current part of non-current assets
A113|2|其他流动资产|Other current assets|=
A199|1|流动资产合计|Total current assets|=|A101..A113
A201|2|债权投资|Debt investments at amortised cost|长期债券投资
A202|2|其他债权投资|Debt investments at FVOCI
A203|2|长期应收款|Long-term receivables
A204|2|长期股权投资|Long-term equity investments|=
A205|2|其他权益工具投资|Other equity instruments held
A206|2|其他非流动金融资产|Other non-current financial assets
A207|2|投资性房地产|Investment property
A208|2|固定资产|Fixed assets|固定资产账面价值（含清理）
A209|2|在建工程|Construction in progress|在建工程、工程物资
A210|2|生产性生物资产|Bearer biological assets|=
A211|2|油气资产|Oil and gas assets
A212|2|使用权资产|Right-of-use assets
A213|2|无形资产|Intangible assets|=
A214|2|开发支出|Development costs|=
A215|2|商誉|Goodwill
A216|2|长期待摊费用|Long-term deferred expenses|=
A217|2|递延所得税资产|Deferred tax assets
A218|2|其他非流动资产|Other non-current assets|=
A299|1|非流动资产合计|Total non-current assets|=|A201..A218
A999|1|资产总计|Total assets|=|A199 A299
L101|2|短期借款|Short-term loans|=
L102|2|交易性金融负债|Trading financial liabilities
L103|2|衍生金融负债|Derivatives (liability)
L104|2|应付票据|Notes payable|=
L105|2|应付账款|Accounts payable|=
L106|2|预收款项|Advances received|预收账款
L107|2|合同负债|Contract liabilities
L108|2|应付职工薪酬|Employee benefits payable|=
L109|2|应交税费|Taxes payable|=
L110|2|其他应付款|Other payables|应付利息、应付利润、其他应付款
L111|2|持有待售负债|Liabilities held for sale
L112|2|一年内到期的非流动负债|Current part of non-current liabilities
L113|2|其他流动负债|Other current liabilities|=
L199|1|流动负债合计|Total current liabilities|=|L101..L113
L201|2|长期借款|Long-term loans|=
L202|2|应付债券|Bonds payable
L203|2|租赁负债|Lease liabilities
L204|2|长期应付款|Long-term payables|=
L205|2|预计负债|Provisions
L206|2|递延收益|Deferred income|=
L207|2|递延所得税负债|Deferred tax liabilities
L208|2|其他非流动负债|Other non-current liabilities|=
L299|1|非流动负债合计|Total non-current liabilities|=|L201..L208
L999|1|负债合计|Total liabilities|=|L199 L299
E101|2|实收资本（或股本）|Paid-in capital|实收资本
E102|2|其他权益工具|Other equity instruments issued
E103|2|资本公积|Capital reserve|=
E104|2|减：库存股|Less: treasury shares
E105|2|其他综合收益|Other comprehensive income
E106|2|专项储备|Special reserve
E107|2|盈余公积|Surplus reserve|=
E108|2|未分配利润|Retained profit|=
E198|1|归属于母公司所有者权益合计|Equity attributable to owners of the parent||E101 E102 E103 -E104 E105 E106 E107 E108
E190|2|少数股东权益|Minority interests
E999|1|所有者权益合计|Total equity|=|E198 E190
T999|1|负债和所有者权益总计|Total liabilities and equity|=|L999 E999
P01|2|营业收入|Revenue|=
P02|2|减：营业成本|Less: cost of sales|营业成本
P03|2|税金及附加|Taxes and surcharges|=
P04|2|销售费用|Selling expenses|=
P05|2|管理费用|Administrative expenses|管理费用（不含研究费用）
P06|2|研发费用|Research and development expenses|研究费用
P07|2|财务费用|Finance costs|=
P071|3|其中：利息费用|Of which: interest expense|利息费用
P072|3|其中：利息收入|Of which: interest income|利息收入
P08|2|加：其他收益|Plus: other income
P09|2|投资收益|Investment income|=
P091|3|其中：对联营企业和合营企业的投资收益|Of which: associates and joint ventures
P092|3|其中：以摊余成本计量的金融资产终止确认收益|Of which: derecognition at amortised cost
P10|2|净敞口套期收益|Net exposure hedging gains
P11|2|公允价值变动收益|Fair value gains
P12|2|信用减值损失（损失以“−”号填列）|Credit impairment (a loss is negative)
P13|2|资产减值损失（损失以“−”号填列）|Asset impairment (a loss is negative)
P14|2|资产处置收益|Gains on disposal of assets
P20|1|营业利润|Operating profit|=|P01 -P02..P07 P08..P14
P21|2|加：营业外收入|Plus: non-operating income|营业外收入
P22|2|减：营业外支出|Less: non-operating expenses|营业外支出
P30|1|利润总额|Profit before tax|=|P20 P21 -P22
P31|2|减：所得税费用|Less: income tax|所得税费用
P40|1|净利润|Net profit|=|P30 -P31
P41|3|持续经营净利润|From continuing operations
P42|3|终止经营净利润|From discontinued operations
P43|3|归属于母公司所有者的净利润|Attributable to owners of the parent
P44|3|少数股东损益|Attributable to minority interests
P50|3|其他综合收益的税后净额|Other comprehensive income after tax
P60|3|综合收益总额|Total comprehensive income
C01|2|销售商品、提供劳务收到的现金|Cash from sales of goods and services|销售产成品、商品、提供劳务收到的现金
C02|2|收到的税费返还|Tax refunds received
C03|2|收到其他与经营活动有关的现金|Other operating cash received|=
C09|1|经营活动现金流入小计|Operating cash inflows|=|C01 C02 C03
C11|2|购买商品、接受劳务支付的现金|Cash paid for goods and services|购买原材料、商品、接受劳务支付的现金
C12|2|支付给职工以及为职工支付的现金|Cash paid to and for employees|支付的职工薪酬
C13|2|支付的各项税费|Taxes paid|支付的税费
C14|2|支付其他与经营活动有关的现金|Other operating cash paid|=
C19|1|经营活动现金流出小计|Operating cash outflows|=|C11 C12 C13 C14
C20|1|经营活动产生的现金流量净额|Net cash from operating activities|=|C09 -C19
C21|2|收回投资收到的现金|Cash from disposal of investments|=
C22|2|取得投资收益收到的现金|Cash from returns on investments|=
C23|2|处置固定资产、无形资产和其他长期资产收回的现金净额|Net cash from sale of long-term assets|=
C24|2|处置子公司及其他营业单位收到的现金净额|Net cash from sale of subsidiaries
C25|2|收到其他与投资活动有关的现金|Other investing cash received
C29|1|投资活动现金流入小计|Investing cash inflows|=|C21 C22 C23 C24 C25
C31|2|购建固定资产、无形资产和其他长期资产支付的现金|Cash paid for long-term assets|=
C32|2|投资支付的现金|Cash paid for investments|支付的投资
C33|2|取得子公司及其他营业单位支付的现金净额|Net cash paid for acquisitions
C34|2|支付其他与投资活动有关的现金|Other investing cash paid
C39|1|投资活动现金流出小计|Investing cash outflows|=|C31 C32 C33 C34
C40|1|投资活动产生的现金流量净额|Net cash from investing activities|=|C29 -C39
C41|2|吸收投资收到的现金|Cash from equity raised|吸收投资者投资收到的现金
C42|2|取得借款收到的现金|Cash from borrowings|=
C43|2|收到其他与筹资活动有关的现金|Other financing cash received
C49|1|筹资活动现金流入小计|Financing cash inflows|=|C41 C42 C43
C51|2|偿还债务支付的现金|Repayment of debt|偿还借款本金支付的现金
C52|2|分配股利、利润或偿付利息支付的现金|Dividends and interest paid|偿还借款利息、分配利润支付的现金
C53|2|支付其他与筹资活动有关的现金|Other financing cash paid
C59|1|筹资活动现金流出小计|Financing cash outflows|=|C51 C52 C53
C60|1|筹资活动产生的现金流量净额|Net cash from financing activities|=|C49 -C59
C70|2|汇率变动对现金及现金等价物的影响|Effect of exchange rates on cash
C80|1|现金及现金等价物净增加额|Net increase in cash|现金净增加额|C20 C40 C60 C70
C81|2|加：期初现金及现金等价物余额|Plus: cash at the beginning|期初现金余额
C90|1|期末现金及现金等价物余额|Cash at the end|期末现金余额|C80 C81
M01|3|折旧与摊销合计|Depreciation and amortisation|=
M02|3|资本化利息|Capitalised interest|=
M03|3|受限货币资金|Restricted cash|=
M04|3|对外担保余额|Guarantees given outside the group|=
M05|3|专项应付款（不计息）|Non-interest part of long-term payables|专项应付款
M06|3|其他应付款及其他流动负债中的有息部分|Interest-bearing part of other payables|其他应付款中的有息部分
M07|3|土地使用权|Land use rights within intangibles|=
M08|3|其他权益工具中的永续债|Perpetual bonds within equity instruments
M09|3|偿付利息支付的现金|Interest paid within dividends and interest|偿还借款利息支付的现金
M10|3|已贴现、背书未到期票据|Discounted or endorsed bills not due|=
M11|3|总市值|Market capitalisation
"""
_FORM_OF = {"A": BALANCE, "L": BALANCE, "E": BALANCE, "T": BALANCE, "P": INCOME, "C": CASH, "M": NOTES}


def _terms(text: str) -> tuple[Term, ...]:
    """`A101..A113 -E104` as signed codes; a range takes every number between its ends."""
    terms: list[Term] = []
    for part in text.split():
        sign, code = (-1, part[1:]) if part.startswith("-") else (1, part)
        first, _, last = code.partition("..")
        numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
        terms += [(sign, f"{first[0]}{number:0{len(first) - 1}d}") for number in numbers]
    return tuple(terms)


def _read(row: str) -> Line:
    code, level, zh, en, *rest = row.split("|")
    small, parts = (*rest, "", "")[:2]
    return Line(code, _FORM_OF[code[0]], zh, en, int(level), _terms(parts), zh if small == "=" else small)


LINES: tuple[Line, ...] = tuple(_read(row) for row in _TABLE.strip().splitlines())
BY_CODE: dict[str, Line] = {line.code: line for line in LINES}
TOTALS: tuple[Line, ...] = tuple(line for line in LINES if line.is_total)


def lines_of(form: str, layout: str = CAS2019) -> list[Line]:
    """The lines of a form in their printed order; the small layout has those it prints."""
    of_form = [line for line in LINES if line.form == form]
    return of_form if layout != SMALL else [line for line in of_form if line.small]


def count_figures(line: Line) -> int:
    """How many figures its equation has, the total included (k of rules-2 2.6)."""
    return len(line.terms) + 1


def sum_line(line: Line, values: Mapping[str, Decimal]) -> Decimal:
    """The total as its parts give it; a missing part is zero. Parts that are totals themselves count as they stand."""
    return sum((sign * values.get(code, ZERO) for sign, code in line.terms), ZERO)


def complete_totals(values: Mapping[str, Decimal], codes: Iterable[str] | None = None) -> dict[str, Decimal]:
    """The values of one column with each missing total filled from its parts, innermost first.

    A total of which no part is there stays missing, so an empty form stays empty. `codes`: the totals to compute anew
    although they are there.
    """
    anew = frozenset(codes or ())
    filled = {code: value for code, value in values.items() if code not in anew}
    for line in _IN_ORDER:
        if line.code not in filled and any(code in filled for _, code in line.terms):
            filled[line.code] = sum_line(line, filled)
    return filled


def forms_present(values: Mapping[str, Decimal]) -> frozenset[str]:
    """The forms of which a column holds anything."""
    return frozenset(BY_CODE[code].form for code in values if code in BY_CODE)


def _order() -> tuple[Line, ...]:
    """Totals, each after the totals it is made of."""
    ordered: list[Line] = []

    def take(line: Line) -> None:
        for _, code in line.terms:
            if BY_CODE[code].is_total and BY_CODE[code] not in ordered:
                take(BY_CODE[code])
        if line not in ordered:
            ordered.append(line)

    for line in TOTALS:
        take(line)
    return tuple(ordered)


_IN_ORDER = _order()
