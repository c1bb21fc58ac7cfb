"""Reads of cash-flow models: the list, the levels of a revenue type, a version computed, the one that counts."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from projects.cashflow.models import CashflowModel
from projects.cashflow.rules.debt import Infeasible
from projects.cashflow.rules.engine import run
from projects.cashflow.rules.judged import examine_model
from projects.cashflow.rules.outcome import Outcome
from projects.cashflow.rules.stress import Stress, run_stress
from projects.cashflow.rules.typed import Fault, read_model
from projects.cashflow.rules.verdict import Levels, mix
from projects.cashflow.workflow import select_models
from projects.deals.models import Project

LEVELS = "cashflow.levels"
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Computed:
    """A version with its base case, its stress set and what is kept of them; or the faults that prevent that."""

    base: Outcome | None
    stresses: list[Stress]
    result: dict[str, Any]
    faults: list[Fault]


def cashflow_list(*, viewer: Viewer) -> QuerySet[CashflowModel]:
    """Versions this person may see, the latest first."""
    rows: Any = select_models()
    return rows.visible_to(viewer).order_by("-id")


def versions_of(project: Project) -> QuerySet[CashflowModel]:
    """All versions of a project, the newest first."""
    return CashflowModel.objects.filter(project=project).order_by("-number")


def confirmed_of(project: Project) -> CashflowModel | None:
    """The version that counts."""
    return CashflowModel.objects.filter(project=project, state=CashflowModel.State.CONFIRMED).first()


def levels_for(revenue_type: str, contracted_share: Decimal | None) -> tuple[Levels, int]:
    """The acceptance levels in force and the version of the parameter. Power sold partly under contract mixes two."""
    found = parameters.value(LEVELS)

    def read(name: str) -> Levels:
        return Levels(**{key: Decimal(value) for key, value in found.value[name].items()})

    if revenue_type == CashflowModel.RevenueType.CONTRACTED_RE and contracted_share is not None:
        merchant = read(CashflowModel.RevenueType.MERCHANT)
        return mix(read(revenue_type), merchant, contracted_share / HUNDRED), found.version
    return read(revenue_type), found.version


def compute(row: CashflowModel) -> Computed:
    """A version judged by the levels in force today."""
    model, faults = read_model(row.timeline, row.typed)
    if model is None or faults:
        return Computed(None, [], {}, faults)
    levels, version = levels_for(row.revenue_type, row.contracted_share)
    try:
        base, stresses, result = examine_model(model, levels)
    except Infeasible as error:
        return Computed(None, [], {}, [Fault(error.code)])
    return Computed(base, stresses, {**result, "levels_version": version}, [])


def draw_again(row: CashflowModel) -> tuple[Outcome, list[Stress]] | None:
    """The series of a version that was computed at its last save; None where its inputs cannot be computed."""
    if not row.result:
        return None
    model, faults = read_model(row.timeline, row.typed)
    if model is None or faults:
        return None
    try:
        base = run(model)
    except Infeasible:
        return None
    return base, run_stress(base)


def digest_of(row: CashflowModel) -> str:
    """SHA-256 of what a version was computed from: timeline, revenue type and inputs."""
    told = {
        "ppy": row.ppy,
        "construction": row.construction,
        "operation": row.operation,
        "revenue_type": row.revenue_type,
        "contracted_share": None if row.contracted_share is None else str(row.contracted_share),
        "inputs": row.inputs,
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
