"""The limit as its formula gives it: the vector of rules-2 6.5, what is missing, and laws."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.declarations.parameters import list_seeds, problems_of
from risk.limits.rules.formula import Capital, Limit, Used, work_out_limit

TABLE = next(item for item in list_seeds() if item["code"] == "limit.formula")["versions"][-1]["value"]
WAN = 10_000
VECTOR: dict[str, Any] = {
    "grade": "A",
    "has_net_worth": True,
    "net_worth": D(23_500 * WAN),
    "need": D("123456700.00"),
    "capital": Capital(D(150_000 * WAN), D(120_000 * WAN)),
    "sector_room": D(20_000 * WAN),
    "used": Used(loans=D(3_000 * WAN), exposure=D(3_000 * WAN), group=D(9_000 * WAN)),
}


def limit(**changed: Any) -> Limit:
    """The vector of the rules, changed."""
    return work_out_limit(table=TABLE, **{**VECTOR, **changed})


def test_the_vector_of_the_rules() -> None:
    found = limit()
    caps = {term.code: term.cap for term in found.terms}
    assert caps == {
        "net_worth": D(14_100 * WAN),
        "need": D("123456700.00"),
        "sector": D(20_000 * WAN),
        "loans": D(12_000 * WAN),
        "exposure": D(15_000 * WAN),
        "group": D(15_000 * WAN),
    }
    assert (found.amount, found.binding) == (D(12_000 * WAN), "loans")


def test_the_seed_case_of_a_grade_that_falls_from_aaa_to_aa() -> None:
    facts = {"net_worth": D(20_000 * WAN), "need": D(30_000 * WAN), "sector_room": None, "used": None}
    capital = Capital(D(1_000_000 * WAN), D(1_000_000 * WAN))
    assert limit(grade="AAA", capital=capital, **facts).amount == D(20_000 * WAN)
    assert limit(grade="AA", capital=capital, **facts).amount == D(16_000 * WAN)


@pytest.mark.parametrize(
    ("changed", "unknown"),
    [
        ({"net_worth": None}, ["net_worth"]),
        ({"grade": None}, ["net_worth"]),
        ({"need": None}, ["need"]),
        ({"capital": Capital()}, ["loans", "exposure", "group"]),
    ],
)
def test_what_is_not_known_leaves_no_limit(changed: dict[str, Any], unknown: list[str]) -> None:
    found = limit(**changed)
    assert (found.amount, found.unknown) == (None, unknown)


def test_a_project_company_has_no_term_of_net_worth_and_c_gets_nothing() -> None:
    assert limit(has_net_worth=False, net_worth=None, used=None, sector_room=None).binding == "need"
    assert limit(has_net_worth=False, net_worth=None, grade="C").amount == 0
    assert limit(grade="C").amount == 0


def test_a_share_of_nothing_switches_a_cap_off() -> None:
    table = {**TABLE, "caps": {"loans": "0", "exposure": "0", "group": "0"}}
    found = work_out_limit(table=table, **{**VECTOR, "capital": Capital()})
    assert (found.amount, found.binding) == (D("123400000"), "need")


amounts = st.decimals(min_value=-(10**10), max_value=10**12, places=2)


@given(net_worth=amounts, need=amounts.filter(lambda one: one >= 0), worse=st.sampled_from(["AA", "A", "B", "C"]))
def test_it_is_never_negative_a_whole_step_at_most_each_term_and_never_rises_with_a_worse_grade(
    net_worth: D, need: D, worse: str
) -> None:
    best = limit(grade="AAA", net_worth=net_worth, need=need)
    assert best.amount is not None and best.amount >= 0 and best.amount % D(TABLE["step"]) == 0
    assert all(best.amount <= max(term.cap, D(0)) for term in best.terms if term.cap is not None)
    less = limit(grade=worse, net_worth=net_worth, need=need).amount
    assert less is not None and less <= best.amount


def test_the_formula_refuses_a_grade_too_few_and_a_share_above_one() -> None:
    assert not problems_of("limit.formula", TABLE)
    few = {**TABLE, "coefficients": {"AAA": "1.0"}}
    much = {**TABLE, "caps": {**TABLE["caps"], "loans": "1.2"}}
    assert problems_of("limit.formula", few) and problems_of("limit.formula", much)
