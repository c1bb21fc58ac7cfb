"""Cash-flow models for tests, made by the services themselves; the figures are CF-A of rules-2 4.8."""

from datetime import date
from typing import Any

from crm.kernel.people.models import Person
from crm.tests.support.people import cast_member
from projects.cashflow.models import CashflowModel
from projects.cashflow.services import cashflow_check, cashflow_confirm, cashflow_create, cashflow_save
from projects.deals.models import Project

FACTS: dict[str, Any] = {
    "revenue_type": "fallback",
    "starts_on": date(2026, 1, 1),
    "ppy": 1,
    "construction": 2,
    "operation": 15,
}


def inputs(**changes: Any) -> dict[str, Any]:
    """The inputs of CF-A; `changes`: assumptions, or a line by its code with its cells."""
    facts = {"gearing": "70", "life_years": "15", "tax_rates": "0×3 12.5×3 25"}
    lines = {
        "capex": {"cells": ["5,000", "5000.00"]},
        "revenue": {"cells": ["1800"], "growth": "0"},
        "opex": {"cells": ["600"], "growth": "0"},
        "maintenance": {"cells": ["0"] * 5 + ["50"], "growth": "0"},
        "working_capital": {"cells": ["90", *[""] * 13, "−90"]},
    }
    tranche = {"name": "项目贷款", "share": "100", "rate": "4.5", "kind": "level", "periods": "12"}
    for name, value in changes.items():
        if name in ("tranche",):
            tranche |= value
        elif isinstance(value, dict):
            lines[name] = value
        else:
            facts[name] = value
    return {"facts": facts, "tranches": [tranche], "lines": lines}


def draft(project: Project, *, by: Person | None = None, changes: Any = None, **facts: Any) -> CashflowModel:
    """A draft with figures."""
    who = by or project.client.owner
    made = cashflow_create(project=project, by=who, **{**FACTS, **facts})
    return cashflow_save(model=made, inputs=inputs(**(changes or {})), expected_version=made.version, by=who)


def submitted(project: Project, **more: Any) -> CashflowModel:
    """One that waits for its second person."""
    row = draft(project, **more)
    return cashflow_check(model=row, expected_version=row.version, by=more.get("by") or project.client.owner)


def confirmed(project: Project, **more: Any) -> CashflowModel:
    """One that the risk assessor confirmed."""
    row = submitted(project, **more)
    return cashflow_confirm(model=row, expected_version=row.version, by=cast_member("risk_assessor"))
