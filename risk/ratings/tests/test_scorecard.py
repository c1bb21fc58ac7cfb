"""The corporate scorecard as a pure function: the vectors of rules-2 5.6, its edges, its laws."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.ratings.rules.scorecard import GRADES, Scoring, Value, may_override, paid_share, score_card

ROWS = json.loads((Path(__file__).parent.parent / "parameters" / "ratings.json").read_text(encoding="utf-8"))
CARD: dict[str, Any] = next(row for row in ROWS if row["code"] == "rating.scorecard")["versions"][0]["value"]
GOOD, NB, MISS = Value(None, "GOOD"), Value(None, "NB"), Value(None, "MISS")
# Section C, each factor at full marks.
FULL = {
    "R01": Value(Decimal("0.60")), "interest": Value(Decimal(1)), "principal": Value(Decimal(1)),
    "R02": Value(Decimal("1.5")), "R29": Value(Decimal("0.20")), "R21": Value(Decimal("0.08")),
    "R19": Value(Decimal("0.10")), "R13": Value(Decimal(8)), "R14": Value(Decimal(6)), "R28": Value(Decimal("0.10")),
}  # fmt: skip
STEPS = {"Q1": 4, "Q2": 4, "Q3": 3, "Q5": 5, "Q6": 5}


def score(values: dict[str, Value] | None = None, *, section: str = "C", **more: Any) -> Scoring:
    given = {"steps": STEPS, "esg_score": 72, **more}
    return score_card(CARD, section=section, values={**FULL, **(values or {})}, **given)


def points(scoring: Scoring, prefix: str = "F") -> list[Any]:
    return [
        line.points if line.points is None else float(line.points) for line in scoring.lines if line.code[0] == prefix
    ]


def test_vector_a_a_manufacturer_of_87_points_falls_to_a_by_its_gate() -> None:
    read = {
        "R01": ".5385", "interest": "1", "principal": "0.96", "R02": "1.4264", "R29": ".1845", "R21": ".1109",
        "R19": ".0755", "R13": "6.6667", "R14": "6.3333", "R28": ".1544",
    }  # fmt: skip
    values = {name: Value(Decimal(text)) for name, text in read.items()}
    found = score(values)
    assert points(found) == [10, 9, 9.6, 4, 8, 6, 4.8, 4, 5, 4]
    assert points(found, "Q") == [4.8, 4.8, 3, 4, 3, 3]
    assert (found.score, found.band, found.grade) == (Decimal("87.00"), "AA", "A")
    (gate,) = found.gates
    assert (gate.grade, gate.factor, gate.points, gate.needed) == ("AA", "F3", Decimal("9.6"), Decimal("10.8"))


def test_vector_b_a_utility_without_inventory_shares_out_the_weight() -> None:
    values = {
        "R01": Value(Decimal("0.64")), "interest": GOOD, "principal": GOOD, "R02": Value(Decimal("0.85")),
        "R29": Value(Decimal("0.13")), "R21": Value(Decimal("0.05")), "R19": Value(Decimal("0.16")),
        "R13": Value(Decimal("4.6")), "R28": Value(Decimal("0.03")),
    }  # fmt: skip
    found = score(values, section="D", steps={**STEPS, "Q3": 3}, esg_score=85)
    assert points(found) == [10, 9, 12, 4, 8, 4.8, 6, 4, None, 2.4]
    assert (found.dropped, found.score, found.grade, found.gates) == (Decimal(5), Decimal("88.29"), "AA", ())


@pytest.mark.parametrize(
    ("code", "number", "earned"),
    [
        ("R01", "0.6", 10), ("R01", "0.60001", 8), ("R01", "0.8", 3), ("R01", "0.80001", 0),
        ("interest", "0.99", 8.1), ("interest", "0.98", 7.2), ("principal", "0.98", 10.8), ("principal", "0.95", 9.6),
        ("R29", "0.05", 5), ("R29", "0.03", 3), ("R29", "0.0001", 1.5), ("R29", "0", 0),
        ("R21", "0", 0), ("R21", "0.0001", 1.8), ("R28", "0", 2.4), ("R28", "-0.10", 1.2), ("R28", "-0.1001", 0),
    ],
)  # fmt: skip
def test_a_cut_includes_its_bound_unless_it_says_above_0(code: str, number: str, earned: float) -> None:
    name = next(name for name, factor in CARD["factors"].items() if factor["reads"] == code)
    found = score({code: Value(Decimal(number))})
    assert next(float(line.points or 0) for line in found.lines if line.code == name) == earned


def test_the_sum_is_rounded_before_the_band() -> None:
    card = json.loads(json.dumps(CARD))
    card["experts"]["Q1"]["full"] = "0.395"
    values = {**FULL, "R21": Value(Decimal("0.04")), "R13": Value(Decimal(6))}
    found = score_card(card, section="C", values=values, steps=dict.fromkeys(STEPS, 5), esg_score=65)
    earned = sum(line.points for line in found.lines if line.points is not None)
    assert (earned, found.score, found.band, found.grade) == (Decimal("89.995"), Decimal("90.00"), "AAA", "AAA")


def test_what_is_missing_leaves_no_grade_and_what_does_not_apply_is_shared_out() -> None:
    missing = score({"R13": MISS})
    assert missing.grade is None and missing.missing == ("F8",)
    assert score({"R14": NB}).grade is not None
    never = score({"R29": NB})
    assert never.grade is None and never.missing == ("F5",)
    many = score({"R13": NB, "R14": NB, "R21": NB})
    assert many.dropped == 16 and many.grade is None and set(many.missing) == {"F6", "F8", "F9"}
    no_expert = score(steps={code: step for code, step in STEPS.items() if code != "Q2"})
    assert no_expert.grade is None and no_expert.missing == ("Q2",)
    assert score(esg_score=None).missing == ("Q4",)


def test_a_knock_out_is_c_whatever_is_missing_and_a_restricted_industry_is_b_at_best() -> None:
    assert score(knock_outs=frozenset({"insolvent"})).grade == "C"
    assert score({"R13": MISS}, knock_outs=frozenset({"npl"})).grade == "C"
    assert score(is_restricted=True).grade == "B"


def test_a_loss_that_turned_to_profit_counts_60_percent_and_nothing_due_is_full() -> None:
    def growth(value: Value) -> Any:
        return next(line.points for line in score({"R28": value}).lines if line.code == "F10")

    assert growth(Value(None, "BASE", turned=True)) == Decimal("2.4")
    assert growth(Value(None, "BASE")) == growth(Value(None, "BAD")) == 0
    assert paid_share(Decimal(0), Decimal(0)) == GOOD
    assert paid_share(None, Decimal(1)) == MISS
    assert paid_share(Decimal(96), Decimal(100)) == Value(Decimal("0.96"))


def test_an_override_goes_one_notch_down_at_most() -> None:
    allowed = {(model, chosen) for model in GRADES for chosen in GRADES if may_override(model, chosen)}
    assert allowed == {
        *((grade, grade) for grade in GRADES), ("AAA", "AA"), ("AA", "A"), ("A", "B"), ("B", "C"),
    }  # fmt: skip


numbers = st.decimals("-3", "20", places=4)
maybe = st.one_of(numbers.map(Value), st.sampled_from([GOOD, NB, MISS, Value(None, "BAD"), Value(None, "BASE")]))
books = st.fixed_dictionaries(dict.fromkeys(FULL, maybe))
sections = st.sampled_from([*CARD["industries"], "C", "S", ""])


@given(books, sections, st.sampled_from(sorted(FULL)))
@settings(max_examples=200)
def test_missing_never_improves_a_grade(values: dict[str, Value], section: str, name: str) -> None:
    before, after = score(values, section=section), score({**values, name: MISS}, section=section)
    factor = next(code for code, one in CARD["factors"].items() if one["reads"] == name)
    if CARD["industries"].get(section, {}).get(factor, ()) is None or (name == "R01" and section == "K"):
        assert after.grade == before.grade
    else:
        assert after.grade is None


@given(books, sections, st.sampled_from(sorted(FULL)), numbers, numbers)
@settings(max_examples=200)
def test_each_factor_is_monotone(values: dict[str, Value], section: str, name: str, one: Decimal, two: Decimal) -> None:
    better = next(factor["better"] for factor in CARD["factors"].values() if factor["reads"] == name)
    low, high = sorted((one, two), reverse=better == "lower")
    worse = score({**values, name: Value(low)}, section=section)
    best = score({**values, name: Value(high)}, section=section)
    assert worse.score <= best.score
    if worse.grade and best.grade:
        assert GRADES.index(best.grade) <= GRADES.index(worse.grade)


@given(books, sections)
def test_the_score_lies_between_0_and_100_and_repeats_to_the_byte(values: dict[str, Value], section: str) -> None:
    found = score(values, section=section)
    assert 0 <= found.score <= 100 and found == score(values, section=section)
