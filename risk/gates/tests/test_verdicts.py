"""What the rule set makes of findings, and which rule sets cannot be published."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.declarations.parameters import list_seeds, problems_of
from projects.deals.models import ProjectDocument
from risk.gates.rules.verdicts import CORE, DOCUMENTS, GATES, Finding, WaiverFact, judge_findings

TABLE = next(item for item in list_seeds() if item["code"] == "deal.gates")["versions"][-1]["value"]
TODAY = date(2026, 12, 2)


def judge(finding: Finding, product: str = "P01", stage: str = "submission", **waivers: WaiverFact) -> list[str]:
    """The results of one finding."""
    found = judge_findings([finding], table=TABLE, product=product, waivers=waivers, today=TODAY, stage=stage)
    return [verdict.result for verdict in found]


def failed(gate: str) -> Finding:
    return Finding(gate, gate, "product_dropped", False)


def waiver(level: int = 2, until: date = TODAY) -> WaiverFact:
    return WaiverFact(1, 7, "韩致远", level, "批复正在办理", until)


def test_a_gate_is_asked_only_of_the_products_it_is_for() -> None:
    assert judge(failed("funding"), "P01") == ["failed"]
    assert judge(failed("funding"), "P04") == []


def test_a_waiver_counts_through_its_last_day_and_from_its_level_on() -> None:
    gate = failed("project_approval")
    assert judge(gate, project_approval=waiver()) == ["waived"]
    assert judge(gate, project_approval=waiver(level=3)) == ["waived"]
    assert judge(gate, project_approval=waiver(level=1)) == ["failed"]
    assert judge(gate, project_approval=waiver(until=TODAY - timedelta(days=1))) == ["failed"]


@given(st.sampled_from(sorted(GATES)), st.integers(1, 4))
def test_only_what_the_rule_set_calls_waivable_is_ever_waived(gate: str, level: int) -> None:
    rows = {row["code"]: row["severity"] for row in TABLE["gates"]}
    results = judge(failed(gate), **{gate: waiver(level, TODAY + timedelta(days=30))})
    assert ("waived" in results) <= (rows.get(gate) == "waivable")


def test_a_note_never_stops_and_a_later_gate_stops_only_the_final_decision() -> None:
    assert judge(failed("document_statements")) == ["noted"]
    table = deepcopy(TABLE)
    next(row for row in table["gates"] if row["code"] == "document_feasibility")["stage"] = "final"
    at = {"table": table, "product": "P01", "waivers": {}, "today": TODAY}
    gate = failed("document_feasibility")
    assert [judge_findings([gate], **at, stage=stage)[0].result for stage in ("submission", "final")] == [
        "later",
        "failed",
    ]


def changed(gate: str, **values: Any) -> dict[str, Any]:
    """The rule set with one row changed."""
    table: dict[str, Any] = deepcopy(TABLE)
    next(row for row in table["gates"] if row["code"] == gate).update(values)
    return table


@pytest.mark.parametrize(
    "table",
    [
        {"gates": [row for row in TABLE["gates"] if row["code"] != "grade"]},
        changed("grade", severity="note"),
        changed("investigators", products=["P01"]),
        changed("identity", stage="final"),
        changed("funding", severity="waivable"),
        changed("project_approval", waived_by=None),
        changed("purpose", waived_by=2),
        changed("purpose", waived_by=9),
        changed("purpose", code="anything"),
        changed("purpose", basis_zh=" "),
        {"gates": [*TABLE["gates"], TABLE["gates"][-1]]},
    ],
)
def test_a_rule_set_that_lets_something_through_unnamed_is_not_published(table: dict[str, Any]) -> None:
    assert problems_of("deal.gates", table)


def test_the_released_rule_set_is_sound_and_every_kind_of_document_can_be_required() -> None:
    assert not problems_of("deal.gates", TABLE)
    assert {row["code"] for row in TABLE["gates"]} >= set(CORE)
    assert set(DOCUMENTS) <= set(ProjectDocument.Kind.values)
