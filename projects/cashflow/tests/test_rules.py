"""The cash-flow model: vectors of rules 2.4 and 2.5 and rules-2 4.8, and what holds whatever the figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from projects.cashflow.rules.debt import Infeasible, debt_capacity
from projects.cashflow.rules.engine import run
from projects.cashflow.rules.funding import fund
from projects.cashflow.rules.inputs import Model, Tranche, find_problems
from projects.cashflow.rules.outcome import Outcome, Scenario
from projects.cashflow.rules.returns import Figure, count_sign_changes, irr, mirr, npv, payback
from projects.cashflow.rules.stress import examine, fall_that_breaks, reverse_stress, run_stress, run_tornado
from projects.cashflow.rules.tax import tax_of
from projects.cashflow.rules.verdict import Levels, judge, mix
from projects.cashflow.rules.waterfall import Reserve, flow_down, run_waterfall
from projects.cashflow.rules.working_capital import Turnover, find_need

D = Decimal


def series(*values: object) -> tuple[Decimal, ...]:
    return tuple(D(str(value)) for value in values)


def loan(kind: str = "level", periods: int = 12, rate: str = "0.045", **more: object) -> Tranche:
    return Tranche("甲", D(1), D(rate), kind, periods, **more)  # type: ignore[arg-type]


E4 = Model(
    ppy=1, capex=series(10000), at_close=True, gearing=D("0.7"), tranches=(loan("equal", 8, "0.05"),),
    cfads=series(*range(1400, 1851, 50)),
)  # fmt: skip
CF_A = Model(
    ppy=1, capex=series(5000, 5000), gearing=D("0.7"), tranches=(loan(),), revenue=series(*[1800] * 15),
    opex=series(*[600] * 15), maintenance=series(*[0] * 5, *[50] * 10), working_capital=series(90, *[0] * 13, -90),
    life_years=15, tax_rates=series(0, 0, 0, "0.125", "0.125", "0.125", "0.25"),
)  # fmt: skip
CF_B = Model(
    ppy=2, capex=series(3000, 3000), gearing=D("0.75"), tranches=(loan("sculpted", 20, "0.046"),),
    revenue=series(*[520] * 24), opex=series(*[150] * 24), life_years=12,
)  # fmt: skip
FALLBACK = Levels(*series("1.30", "1.40", "1.35", "1.15", "1.05", "0.75"))


def near(figure: Figure | Decimal | None, value: str | None, places: int | None = None) -> None:
    found = figure.value if isinstance(figure, Figure) else figure
    if value is None:
        assert found is None
        return
    digits = len(value.partition(".")[2]) if places is None else places
    assert found is not None
    assert abs(found - D(value)) <= D(1).scaleb(-digits) * D("0.51"), (found, value)


def percent(figure: Figure, value: str) -> None:
    assert figure.value is not None
    near(figure.value * 100, value)


def test_e1_a_published_loan_of_the_highway_primer() -> None:
    debt, _ = debt_capacity([D(1000)] * 25, D("1.30"), D("0.06"))
    near(debt, "9833.35")


def test_e2_published_cover_of_a_dairy() -> None:
    profit = series(1772370, 1093235, 2068145, 2232990, 1404210, 2449200, 2570745, 1721490, 2808140, 2924430)
    worn = series(251500, 218025, 189500, 165000, 144000, 125900, 110325, 96850, 85150, 75000)
    interest = series(180800, 170530, 158850, 145560, 130435, 113220, 93630, 71340, 45970, 17100)
    service = series(*[611150] * 5, *[255150] * 5)
    cash = tuple(map(sum, zip(profit, worn, interest, strict=True)))
    model = replace(E4, capex=series(4000000), gearing=D(0), tranches=(), cfads=series(*cash))
    steps = flow_down(cash, sum(service), service, [D(0)] * 10, 1, Reserve())
    covers = [step.dscr for step in steps]
    for cover, value in zip(
        covers, ["3.61", "2.42", "3.95", "4.16", "2.75", "10.54", "10.87", "7.41", "11.52", "11.82"], strict=True
    ):
        near(cover, value)
    near(min(one for one in covers if one), "2.4246")
    near(sum(one for one in covers if one) / 10, "6.9054")
    near(sum(cash) / sum(service), "5.4562")
    assert run(model).minimum == Figure(None, "no_service")


def test_e3_published_rates_of_return() -> None:
    flows = series(-70000, 12000, 15000, 18000, 21000)
    near(irr(flows), "-0.0212448")
    near(irr((*flows, D(26000))), "0.0866309")
    near(irr(flows[:3]), "-0.444", 3)


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (Scenario(), "1.1429 1.4926 1.4424 1.7704 9.4370 14.5412 6.5000 692.96"),
        (Scenario(revenue=D("0.9")), "1.0286 1.3433 1.2982 1.5934 7.1990 9.6875 7.1492 -376.34"),
        (Scenario(revenue=D("0.8")), "0.9143 1.1941 1.1539 1.4163 4.8318 4.6441 7.9429 -1445.64"),
        (Scenario(rate=D("0.02")), "1.0256 1.4022 1.3285 1.6027 9.4370 12.1493 6.5000 692.96"),
    ],
)
def test_e4_given_cash(scenario: Scenario, expected: str) -> None:
    base = run(E4)
    found = run(E4, scenario, base)
    least, average, llcr, plcr, project, equity, back, value = expected.split()
    near(found.minimum, least)
    near(found.average, average)
    near(found.llcr_first, llcr)
    near(found.plcr_first, plcr)
    percent(found.irr_project, project)
    percent(found.irr_equity, equity)
    near(found.payback, back)
    near(found.npv, value)


def test_e4_cover_of_each_year() -> None:
    found = run(E4)
    for cover, value in zip(
        found.dscr, ["1.1429", "1.2275", "1.3187", "1.4171", "1.5238", "1.6398", "1.7662", "1.9048"], strict=False
    ):
        near(cover, value)
    for cover, value in zip(
        found.llcr, ["1.4424", "1.5023", "1.5642", "1.6280", "1.6939", "1.7619", "1.8322", "1.9048"], strict=False
    ):
        near(cover, value)
    assert found.dscr[8:] == (None, None)
    assert found.tail_years == Figure(D(2))


def test_e5_sculpting_and_e6() -> None:
    debt, principals = debt_capacity(series(130, 143, 156, 169, 182), D("1.30"), D("0.06"))
    near(debt, "500.5819")
    for one, value in zip(principals, ["69.9651", "84.1630", "99.2128", "115.1655", "132.0755"], strict=True):
        near(one, value)
    assert flow_down([D(10)], D(8), [D(8)], [D(0)], 1, Reserve())[0].dscr == D("1.25")


def test_cf_a_base() -> None:
    found = run(CF_A)
    funding = found.funding
    for value, text in zip(
        (*funding.draws, *funding.idc, *funding.equity, funding.cost, found.depreciation[0], found.service[0]),
        [
            "3556.0071",
            "3669.8138",
            "80.0102",
            "242.5911",
            "1524.0030",
            "1572.7773",
            "10322.6013",
            "653.7647",
            "792.4282",
        ],
        strict=True,
    ):
        near(value, text)
    for tax, text in zip(found.tax[:7], ["0", "0", "0", "35.8794", "38.8788", "42.0132", "90.5773"], strict=True):
        near(tax, text)
    for cash, text in zip(
        found.cfads, ["1110", "1200", "1200", "1164.1206", "1161.1212", "1107.9868", "1059.4227"], strict=False
    ):
        near(cash, text)
    shown = "1.4008 1.5143 1.5143 1.4691 1.4653 1.3982 1.3369 1.3283 1.3193 1.3098 1.3000 1.2897"
    for cover, text in zip(found.dscr, shown.split(), strict=False):
        near(cover, text)
    near(found.pooled, "1.3872")
    near(found.plcr_first, "1.6314")
    percent(found.irr_before_tax, "7.3920")
    percent(found.irr_project, "6.3173")
    adjusted = [before - after for before, after in zip(found.flows_before_tax, found.flows_project, strict=True)][3:]
    for tax, text in zip(adjusted[:7], ["0", "0", "0", "68.2794", "68.2794", "68.2794", "136.5588"], strict=True):
        near(tax, text)


STRESS_A = {
    "base": "1.2897 1.3872 1.3977 9.0567",
    "S1": "1.1193 1.1955 1.2027 3.7288",
    "S2": "1.2329 1.3233 1.3327 7.3103",
    "S3": "1.3097 1.3996 1.4090 5.7785",
    "S4": "1.2218 1.3175 1.3292 7.8302",
    "S4b": "1.1595 1.2536 1.2660 6.5799",
    "S5": "1.2070 1.3022 1.3111 6.7619",
    "S6": "1.0071 1.0796 1.0859 0.7406",
}


def test_cf_a_stress_and_verdict() -> None:
    base, stresses = examine(CF_A)
    outcomes: list[Outcome] = [base, *(one.outcome for one in stresses if one.outcome is not None)]
    assert [one.scenario.code for one in outcomes] == list(STRESS_A)
    for found in outcomes:
        least, average, llcr, equity = STRESS_A[found.scenario.code].split()
        near(found.minimum, least)
        near(found.average, average)
        near(found.llcr_first, llcr)
        percent(found.irr_equity, equity)
    fall = fall_that_breaks(base)
    assert fall is not None
    near(fall * 100, "22.46")
    assert [one.scenario.code for one in stresses if not one.passes] == ["S3"]
    verdict = judge(base, stresses, FALLBACK)
    assert verdict.tone == "amber"
    assert {test.code: test.tone for test in verdict.tests if not test.is_note} == {
        "min_dscr": "amber", "avg_dscr": "amber", "llcr": "green", "gearing": "green", "stress": "amber",
    }  # fmt: skip
    assert judge(base, stresses, replace(FALLBACK, base=D("1.60"), lock_up=D("1.50"))).needs_waiver
    assert judge(base, stresses, replace(FALLBACK, default=D("1.29"), lock_up=D("1.295"))).blocks


def test_cf_a_tornado_and_reverse() -> None:
    base = run(CF_A)
    bars = run_tornado(base)
    ends = [(bar.variable, bar.low.minimum, bar.high.minimum) for bar in bars]
    expected = [
        "revenue",
        "1.1193",
        "1.4600",
        "rate",
        "1.2218",
        "1.3638",
        "opex",
        "1.2329",
        "1.3465",
        "capex",
        "1.3097",
        "1.2697",
    ]
    assert [name for name, _, _ in ends] == expected[::3]
    for (_, low, high), one, other in zip(ends, expected[1::3], expected[2::3], strict=True):
        near(low, one)
        near(high, other)
    found = {one.variable: one.amount for one in reverse_stress(base)}
    assert all(amount is not None for amount in found.values())
    for name, scale, text in (("revenue", 100, "17.00"), ("opex", 100, "51.01"), ("rate", 10000, "503")):
        near((found[name] or D(0)) * scale, text)


def test_cf_b_sculpted() -> None:
    found = run(CF_B)
    for value, text in zip(
        (*found.funding.draws, found.depreciation[0], found.sculpted_cover, found.principal[0], found.principal[1],
         found.principal[19], next(tax for tax in found.tax if tax)),
        ["2269.5751", "2309.0659", "241.6505", "1.2267", "191.6291", "195.1383", "270.5214", "5.7602"], strict=True,
    ):  # fmt: skip
        near(value, text)
    near(found.llcr_first, "1.2267")
    near(found.plcr_first, "1.4037")
    percent(found.irr_equity, "7.1290")
    assert max(abs((one or 0) - (found.sculpted_cover or 0)) for one in found.dscr[:20]) < D("1e-6")


def test_cf_b_sized_to_a_target() -> None:
    found = run(replace(CF_B, target_dscr=D("1.25")))
    near(found.model.gearing, "0.735568")
    for value, text in zip(
        (found.funding.debt, found.funding.cost, found.principal[0], found.principal[19]),
        ["4489.0337", "6102.8111", "187.7157", "265.4300"], strict=True,
    ):  # fmt: skip
        near(value, text, 2)
    percent(found.irr_equity, "7.0099")


def test_cf_c_waterfall() -> None:
    steps = flow_down(
        series(300, 262, 205, 290, 300), D(1000), series(*[200] * 5), series(*["0.05"] * 5), 1,
        Reserve(6, D(125), D("0.5"), D("1.15")),
    )  # fmt: skip
    expected = """250.0000 1.2000 0 0 120.0000 27.5000 27.5000 0 772.5000
        238.6250 1.0980 0 0 114.3125 14.5312 0 14.5312 557.9688
        227.8984 0.8995 14.5312 8.3672 105.9453 0 0 0 357.9688
        217.8984 1.3309 0 0 82.9336 47.5566 47.5566 0 110.4121
        115.9327 2.5877 0 0 0 0 267.0009 0 0"""
    for step, line in zip(steps, expected.splitlines(), strict=True):
        shown = (step.service, step.dscr, step.from_lock_up, step.from_reserve, step.reserve, step.swept,
                 step.distributed, step.lock_up, step.debt)  # fmt: skip
        for value, text in zip(shown, line.split(), strict=True):
            near(value, text, 4)


def test_the_waterfall_of_a_model_pays_its_own_service() -> None:
    found = run(CF_A)
    steps = run_waterfall(found, D("1.15"))
    assert steps is not None
    assert all(abs(step.service - due) < D("1e-9") for step, due in zip(steps, found.service, strict=True))
    assert abs(steps[-1].debt) < D("1e-9")
    assert abs(sum(step.distributed for step in steps) - sum(found.cfads) + sum(found.service)) < D("1e-9")
    kept = run_waterfall(run(replace(CF_A, reserve_months=6, reserve_opening=D(400), sweep=D("0.5"))), D("1.15"))
    assert kept is not None and kept[0].reserve == kept[0].target and kept[0].swept > 0
    assert run_waterfall(run(replace(CF_A, tranches=(loan(grace=2, capitalised=True),))), None) is None


def test_cf_d_fees_losses_and_mirr() -> None:
    model = replace(
        CF_A, capex=series(3000, 3000), tranches=(loan(rate="0.05"),), facility=D(4400),
        upfront_fee=D("0.005"), commitment_fee=D("0.003"),
    )  # fmt: skip
    funding = fund(model)
    for value, text in zip(
        (*funding.fees, *funding.idc, *funding.draws),
        ["35.2000", "6.7125", "54.0621", "163.6047", "2162.4835", "2219.2221"],
        strict=True,
    ):
        near(value, text)
    free = fund(replace(model, facility=None))
    assert abs(fund(replace(model, facility=free.debt)).debt - free.debt) < D("0.000001")
    bases, rates = series(-100, -50, 80, 120, 200), series(*["0.25"] * 5)
    assert tax_of(bases, rates, 5) == series(0, 0, 0, "12.5", 50)
    assert tax_of(bases, rates, 0) == series(0, 0, 20, 30, 50)
    assert tax_of(series(-100, 0, 40, 100), series(*["0.25"] * 4), 2) == series(0, 0, 0, 25)
    near((mirr(series(-1000, 400, -100, 500, 600), D("0.05"), D("0.08")).value or D(0)) * 100, "10.8004")


def test_1_7_working_capital() -> None:
    turnover = Turnover(D(60), D(75), D(10), D(45), D(20))
    found = find_need(
        D(50000), D("0.08"), D("0.10"), turnover, own_funds=D(4000), existing_loans=D(3000), other_sources=D(500)
    )
    assert found.turns == D("4.5")
    near(found.need, "11244.4444")
    near(found.limit, "3744.4444")
    assert find_need(D(50000), D("0.08"), D("0.10"), replace(turnover, payables=D(200))).turns is None


def test_4_7_mixed_power_sales() -> None:
    contracted = Levels(*series("1.25", "1.35", "1.30", "1.15", "1.05", "0.80"))
    merchant = Levels(*series("1.80", "2.00", "2.00", "1.50", "1.20", "0.60"))
    assert mix(contracted, merchant, D("0.70")) == Levels(*series("1.415", "1.545", "1.51", "1.255", "1.095", "0.74"))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ppy": 3}, "ppy not_regular"),
        ({"capex": ()}, "capex no_outlay"),
        ({"capex": series(0, 0)}, "capex no_outlay"),
        ({"opex": series(*[600] * 14)}, "opex periods_differ"),
        ({"opex": series(*[-600] * 15)}, "opex negative"),
        ({"revenue": series(*[1] * 300), "opex": series(*[1] * 300)}, "revenue too_long"),
        ({"revenue": (D("NaN"),) * 15}, "revenue not_an_amount"),
        ({"tranches": (loan(rate="-0.05"),)}, "tranches.0.rate not_a_share"),
        ({"tranches": (loan(periods=16),)}, "tranches.0.periods beyond_operation"),
        ({"tranches": (loan(grace=12),)}, "tranches.0.grace no_repayment_left"),
        ({"tranches": (loan("custom", 2, shares=series("0.5", "0.4")),)}, "tranches.0.shares shares_off"),
        ({"tranches": ()}, "tranches no_tranche"),
        ({"target_dscr": D("1.2")}, "target_dscr target_wrong"),
        ({"gearing": D("1.1")}, "gearing not_a_share"),
    ],
)
def test_a_model_that_cannot_be_computed_is_named(changes: dict[str, object], problem: str) -> None:
    found = [f"{one.field} {one.code}" for one in find_problems(replace(CF_A, **changes))]  # type: ignore[arg-type]
    assert problem in found


def test_sound_models_have_no_problem() -> None:
    assert [find_problems(model) for model in (E4, CF_A, CF_B, replace(CF_B, target_dscr=D("1.25")))] == [
        [],
        [],
        [],
        [],
    ]


def test_cash_below_zero_cannot_be_sculpted_and_its_cover_is_negative() -> None:
    poor = replace(CF_B, revenue=series(*[100] * 24))
    with pytest.raises(Infeasible, match="sculpting_infeasible"):
        run(poor)
    found = run(replace(CF_A, revenue=series(*[500] * 15)))
    assert found.minimum.value is not None and found.minimum.value < 0
    assert fall_that_breaks(found) is None


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("equal", {"grace": 2}),
        ("level", {"grace": 3}),
        ("level", {"grace": 3, "capitalised": True}),
        ("equal", {"grace": 1, "capitalised": True}),
        ("bullet", {}),
        ("custom", {"shares": series(*["0.05"] * 8, *["0.15"] * 4)}),
    ],
)
def test_every_kind_repays_to_the_last_fen(kind: str, more: dict[str, object]) -> None:
    found = run(replace(CF_A, tranches=(loan(kind, **more),)))
    schedule = found.schedules[0]
    unpaid = sum(schedule.interest) - sum(schedule.paid)
    assert abs(sum(schedule.principal) - found.funding.debt - unpaid) < D("1e-12")
    if more.get("capitalised"):
        assert found.dscr[0] is None
    assert all(one.outcome is not None for one in run_stress(found))


def test_a_late_completion_without_room_to_repay_fails_its_test() -> None:
    base = run(replace(CF_A, tranches=(loan(periods=1),)))
    late = next(one for one in run_stress(base) if one.scenario.code == "S5")
    assert (late.problem, late.passes) == ("no_repayment_left", False)


def test_given_cash_says_that_cost_is_not_apart() -> None:
    base = run(E4)
    stresses = {one.scenario.code: one for one in run_stress(base)}
    for code in ("S2", "S6"):
        assert (stresses[code].problem, stresses[code].passes) == ("given_cash", False)
    assert {bar.variable for bar in run_tornado(base)} == {"revenue", "rate", "capex"}
    assert {one.variable: one.amount for one in reverse_stress(base)}["opex"] is None


@pytest.mark.parametrize("kind", ["level", "sculpted"])
def test_a_fixed_end_leaves_no_debt_behind(kind: str) -> None:
    fixed = replace(CF_A, tranches=(loan(kind, 15),), life_fixed_end=True)
    late = next(one for one in run_stress(run(fixed)) if one.scenario.code == "S5")
    assert late.outcome is not None and len(late.outcome.cfads) == 14
    assert abs(sum(late.outcome.principal) - late.outcome.funding.debt) < D("1e-9")
    shifted = next(one for one in run_stress(run(replace(fixed, shift_maturity=True))) if one.scenario.code == "S5")
    assert (shifted.problem, shifted.passes) == ("beyond_operation", False)


# Series with IRR, NPV at 8% and MIRR at 5% and 8% as numpy-financial 1.0.0 computes them.
AGREED: tuple[tuple[str, str, str, str], ...] = (
    (
        "-5734 1049 1068 1345",
        "-0.207969684828",
        "-2779.361479",
        "-0.134156679140",
    ),
    (
        "-4158 1250 1292 1159",
        "-0.056707596418",
        "-972.859269",
        "-0.011814518147",
    ),
    (
        "-8542 1221 923 511 25 1277 185 246 608 220 940 43 1423",
        "-0.017639460481",
        "-3609.396956",
        "0.031692180192",
    ),
    (
        "-5648 450 833 535 732 750 790 1071 1326 176 1500 717 203",
        "0.078896084164",
        "-33.884684",
        "0.079458562412",
    ),
    (
        "-8796 1249 1025 835 1094 549 880 1175 1001 1070 1080 71 1198",
        "0.041574301051",
        "-1597.465505",
        "0.062112030098",
    ),
    (
        "-2613 120 1463 1091 1393 230",
        "0.183519679557",
        "798.899500",
        "0.139187260448",
    ),
    (
        "-8876 1038 909 1162 1379 88 614 668 957 221 917 1431 1487",
        "0.031739092886",
        "-2106.361310",
        "0.055891851896",
    ),
)


@pytest.mark.parametrize(("flows", "rate", "value", "modified"), AGREED)
def test_returns_agree_with_an_independent_library(flows: str, rate: str, value: str, modified: str) -> None:
    numbers = series(*flows.split())
    near(irr(numbers), rate, 11)
    near(npv(D("0.08"), numbers), value, 5)
    near(mirr(numbers, D("0.05"), D("0.08")), modified, 11)


def test_missing_figures_say_why() -> None:
    assert irr(series(1, 2, 3)) == Figure(None, "no_sign_change")
    assert irr(series(-100, 230, -132)).reason == "several_irr"
    assert payback(series(-100, 10, 10)) == Figure(None, "never")
    assert payback(series(10, 10)) == Figure(None, "no_outlay")


amounts = st.decimals(min_value=-10000, max_value=10000, places=2, allow_nan=False)
cash = st.lists(st.decimals(min_value=50, max_value=5000, places=2), min_size=2, max_size=24)
rates = st.decimals(min_value="0.001", max_value="0.15", places=4)


@given(st.lists(amounts, min_size=2, max_size=60))
@settings(max_examples=80)
def test_at_the_irr_nothing_is_left(flows: list[Decimal]) -> None:
    found = irr(flows)
    if found.value is None:
        assert found.reason in {"no_sign_change", "no_root"}
        return
    assert (found.reason == "several_irr") == (count_sign_changes(flows) > 1)
    scale = sum(abs(flow) / (1 + found.value) ** period for period, flow in enumerate(flows))
    assert abs(npv(found.value, flows)) <= scale * D("1e-9")


@given(cash, rates)
@settings(max_examples=60)
def test_sculpted_debt_has_one_cover(flows: list[Decimal], rate: Decimal) -> None:
    debt, principals = debt_capacity(flows, D("1.25"), rate)
    assume(all(one >= 0 for one in principals))
    model = replace(
        E4, capex=(debt,), gearing=D(1), cfads=tuple(flows),
        tranches=(loan("sculpted", len(flows), str(rate)),),
    )  # fmt: skip
    found = run(model)
    for cover in (*found.dscr, *found.llcr):
        assert cover is None or abs(cover - D("1.25")) < D("1e-9")


@given(cash, rates, st.sampled_from(["equal", "level", "bullet"]))
@settings(max_examples=60)
def test_cover_laws(flows: list[Decimal], rate: Decimal, kind: str) -> None:
    model = replace(E4, cfads=tuple(flows), tranches=(loan(kind, len(flows), str(rate)),))
    found = run(model)
    last = found.last
    assert last is not None
    # The last LLCR is the last DSCR; PLCR is never below LLCR while the tail's cash is not negative.
    assert abs((found.llcr[last] or 0) - (found.dscr[last] or 0)) < D("1e-9")
    assert all((one or 0) >= (other or 0) for one, other in zip(found.plcr, found.llcr, strict=True))
    # Cash that is the debt service has a cover of 1 everywhere.
    same = run(replace(model, cfads=found.service))
    assert all(one is None or abs(one - 1) < D("1e-9") for one in (*same.dscr, *same.llcr))
    # A uniform fall by S7 brings the smallest cover to 1.
    fall = fall_that_breaks(found)
    assert fall is not None
    broken = run(model, Scenario(revenue=1 - fall), found)
    assert abs((broken.minimum.value or 0) - 1) < D("1e-9")


@given(cash, st.integers(0, 12), st.decimals(0, 1, places=2), st.decimals(0, 500, places=2))
@settings(max_examples=60)
def test_no_fen_is_lost_in_the_waterfall(flows: list[Decimal], months: int, sweep: Decimal, held: Decimal) -> None:
    count = len(flows)
    principals, debt = [D(1000) / count] * count, D(1000)
    steps = flow_down(flows, debt, principals, [D("0.05")] * count, 1, Reserve(months, held, sweep, D("1.1")))
    paid = sum(step.service - step.shortfall for step in steps)
    settled = sum(step.shortfall for step in steps) - steps[-1].arrears
    out = paid + settled + sum(step.swept + step.distributed for step in steps)
    assert abs(sum(flows) + held - out - steps[-1].reserve - steps[-1].lock_up) < D("1e-9")
    assert all(step.reserve >= 0 and step.lock_up >= 0 and step.debt >= -D("1e-9") for step in steps)
