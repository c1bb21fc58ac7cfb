"""Rows and bodies of this module for the access matrix and the budgets."""

from typing import Any

from clients.file.models import Client
from crm.kernel.people.models import Person
from crm.tests.assurance.world import World
from projects.cashflow.models import CashflowModel
from projects.cashflow.services import refuse_held
from projects.cashflow.tests.factories import FACTS, confirmed, draft, inputs, submitted
from projects.deals.models import Project
from projects.deals.services import project_create
from risk.reviews.tests.factories import FACTS as PROJECT_FACTS


def _project(world: World, name: str) -> Project:
    """A further project of `own`, so that each version stands on one of its own."""
    owner, client = world.people["owner"], world.situations["own"].client
    seats = {"lead": owner, "assistant": world.people["assistant"]}
    return project_create(
        client=client, by=owner, confirm_same_project=True, **seats, **{**PROJECT_FACTS, "name": name}
    )


def add_rows(world: World) -> None:
    """One that waits for its second person in three situations; in `own` a draft and a confirmed one besides."""
    for name in ("own", "team", "other"):
        found = world.situations[name]
        project = _project(world, "现金流mkown厂") if name == "own" else found.rows["project"]
        found.rows["cashflowmodel"] = submitted(project, by=found.client.owner)
        found.marks["cashflow"] = project.name
    own = world.situations["own"].rows
    own["draftcashflow"] = draft(_project(world, "测算草稿厂"))
    own["confirmedcashflow"] = confirmed(_project(world, "测算定稿厂"))


def _versioned(model: str, given: dict[str, Any], name: str = "version") -> Any:
    def body(world: World, situation: str) -> dict[str, Any]:
        row = world.row(model, situation)
        return {**given, name: getattr(row, "version", 1)}

    return body


NEW = {**FACTS, "starts_on": "2026-01-01"}
REASON = {"reason": "收入增长假设缺少依据，请补充"}
GIVEN = inputs()
FIGURES = {
    "assumptions": [{"code": code, "text": text} for code, text in GIVEN["facts"].items()],
    "tranches": GIVEN["tranches"],
    "lines": [{"code": code, **line} for code, line in GIVEN["lines"].items()],
}
CHOICES = {"idc_method": "half_period", "idc_paid_by": "funding", "cash_mode": "built", "tax_mode": "computed"}
GRID = {**NEW, **CHOICES, "gearing": "70", "revenue.0": "1,800"}
EXPECTED = "expected_version"
BODIES = {
    "projects:cashflow_create": lambda world, situation: NEW,
    "projects:cashflow_detail": _versioned("cashflowmodel", {"verdict": "confirm"}),
    "projects:cashflow_edit": _versioned("draftcashflow", GRID),
    "projects:cashflow_check": _versioned("draftcashflow", {}),
    "projects:cashflow_discard": _versioned("draftcashflow", REASON),
    "projects:cashflow_copy": _versioned("confirmedcashflow", {}),
    "api:project-cashflow-list": lambda world, situation: NEW,
    "api:cashflow-figures": _versioned("draftcashflow", FIGURES, EXPECTED),
    "api:cashflow-check": _versioned("draftcashflow", {}, EXPECTED),
    "api:cashflow-discard": _versioned("draftcashflow", REASON, EXPECTED),
    "api:cashflow-confirm": _versioned("cashflowmodel", {}, EXPECTED),
    "api:cashflow-send-back": _versioned("cashflowmodel", REASON, EXPECTED),
    "api:cashflow-copy": _versioned("confirmedcashflow", {}, EXPECTED),
}


def grow(manager: Any, client: Any) -> None:
    """One more, of the client's latest project without a version."""
    person: Person = manager
    row: Client = client
    rows = Project.objects.filter(client=row, cashflow_models__isnull=True).select_related("client__owner")
    project = rows.last()
    if project is not None and refuse_held(project) is None:
        assert isinstance(draft(project, by=person), CashflowModel)
