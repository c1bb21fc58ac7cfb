"""What is typed becomes the model, or each fault is named at its place; hard inputs are refused, never a crash."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.cashflow.rules.debt import Infeasible
from projects.cashflow.rules.engine import run
from projects.cashflow.rules.typed import FACT, LINE, TRANCHE, Timeline, Typed, fill_cells, read_model, read_number
from projects.cashflow.tests.factories import inputs
from projects.cashflow.tests.test_rules import CF_A

D = Decimal
YEARS = Timeline(1, 2, 15)


def typed(given: dict[str, Any]) -> Typed:
    return Typed(given["facts"], given["tranches"], given["lines"])


def faults_of(timeline: Timeline = YEARS, **changes: Any) -> list[tuple[str, str]]:
    _model, faults = read_model(timeline, typed(inputs(**changes)))
    return [(fault.place, fault.code) for fault in faults]


def test_the_typed_texts_of_cf_a_make_its_model() -> None:
    model, faults = read_model(YEARS, typed(inputs()))
    assert faults == [] and model is not None
    assert run(model).dscr == run(CF_A).dscr
    assert abs(run(model).minimum.value - D("1.2897")) < D("0.00005")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"),
        ("(12.3)", "-12.3"),
        ("−5", "-5"),
        ("４．５％", "4.5"),
        ("¥ 7", "7"),
        ("", None),
        ("—", None),
    ],
)
def test_figures_are_read_as_they_are_pasted(text: str, value: str | None) -> None:
    assert read_number(text) == (None if value is None else D(value))


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"revenue": {"cells": ["1800", "一千八"]}}, "revenue.1", "not_a_figure"),
        ({"revenue": {"cells": ["1e99"]}}, "revenue.0", "not_a_figure"),
        ({"opex": {"cells": ["600", "600", "-1"]}}, "opex.2", "negative"),
        ({"capex": {"cells": ["0", ""]}}, "capex", "no_outlay"),
        ({"gearing": "101"}, "gearing", "not_a_share"),
        ({"gearing": "-"}, "gearing", "missing"),
        ({"tax_rates": "0×3 abc"}, "tax_rates", "not_a_figure"),
        ({"life_years": "7.5"}, "life_years", "not_whole"),
        ({"life_years": "-5"}, "life_years", "not_regular"),
        ({"idc_method": "monthly"}, "idc_method", "unknown"),
        ({"target_dscr": "1.3"}, "target_dscr", "target_wrong"),
        ({"tranche": {"rate": "-5"}}, "tranche.0.rate", "not_a_share"),
        ({"tranche": {"rate": ""}}, "tranche.0.rate", "missing"),
        ({"tranche": {"periods": "16"}}, "tranche.0.periods", "beyond_operation"),
        ({"tranche": {"grace": "12"}}, "tranche.0.grace", "no_repayment_left"),
        ({"tranche": {"kind": "custom", "shares": "50 49"}}, "tranche.0.shares", "shares_off"),
        ({"tranche": {"share": "90"}}, "tranches", "shares_off"),
        ({"tax_mode": "given", "tax": {"cells": ["1", "x"]}}, "tax.1", "not_a_figure"),
    ],
)
def test_each_fault_is_named_at_its_place(changes: dict[str, Any], place: str, code: str) -> None:
    assert (place, code) in faults_of(**changes)


def test_more_than_240_periods_are_named() -> None:
    assert ("revenue", "too_long") in faults_of(Timeline(4, 41, 200))


def test_empty_cells_follow_the_last_figure_with_a_growth_and_are_zero_without() -> None:
    assert fill_cells([D(100), None, None, D(50), None], D("0.02"), 1) == [D(100), D(102), D("104.04"), D(50), D(51)]
    assert fill_cells([None, D(100), None, None], D("0.02"), 2) == [D(0), D(100), D(102), D(102)]
    assert fill_cells([D(100), None], None, 1) == [D(100), D(0)]
    assert fill_cells([D(100), None, None], D(-1), 2) == [D(100), D(100), D(0)]


TEXT = st.one_of(
    st.decimals(-100, 10_000, places=2).map(str), st.sampled_from(["", "x", "-", "100", "0", "4.5%", "1×3", "yes"])
)


@settings(max_examples=60, deadline=None)
@given(
    facts=st.dictionaries(st.sampled_from(list(FACT)), TEXT),
    rows=st.lists(st.dictionaries(st.sampled_from(list(TRANCHE)), TEXT), max_size=2),
    lines=st.dictionaries(
        st.sampled_from(list(LINE)), st.fixed_dictionaries({"cells": st.lists(TEXT, max_size=8), "growth": TEXT})
    ),
    timeline=st.sampled_from([Timeline(1, 0, 6), Timeline(2, 2, 8), Timeline(4, 1, 5)]),
)
def test_whatever_is_typed_is_computed_or_named(facts: Any, rows: Any, lines: Any, timeline: Timeline) -> None:
    model, faults = read_model(timeline, Typed(facts, rows, lines))
    assert (model is None) <= bool(faults)
    if model is not None and not faults:
        try:
            run(model)
        except Infeasible as error:
            assert error.code
