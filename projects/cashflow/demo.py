"""Cash-flow models of some of the demo's projects: cost and debt of the project, revenue that carries the debt so far.

One waits for its second person, one draft has a cell that is no figure, one is confirmed below the lock-up level.
"""

from decimal import Decimal
from typing import Any

from crm.kernel.declarations import demo
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.cashflow import services
from projects.cashflow.models import CashflowModel
from projects.cashflow.rules.debt import annuity
from projects.deals.demo import PROJECTS, STORY_DAYS
from projects.deals.models import Project

WAN = Decimal(10_000)
ONE = Decimal(1)
RATE = Decimal("3.85")
# Name → revenue type, share under contract, periods a year, DSCR aimed at, what becomes of the version.
MODELS: dict[str, tuple[str, Decimal | None, int, str, str]] = {
    "大丰 22 MW 渔光互补项目": ("contracted_re", None, 1, "1.38", "again"),
    "平湖 RV 减速器技改项目": ("manufacturing", None, 1, "1.50", "faulty"),
    "平湖精密轴承二期": ("manufacturing", None, 1, "1.46", "checked"),
    "湘江新材料扩产项目": ("manufacturing", None, 1, "1.52", "confirmed"),
    "成都制剂三车间": ("manufacturing", None, 2, "1.44", "checked"),
    "蜀垣原料药车间": ("manufacturing", None, 1, "1.62", "confirmed"),
    "闽江口 3# 泊位": ("transport", None, 4, "1.55", "confirmed"),
    "荆州污水厂提标改造": ("utility", None, 1, "1.34", "confirmed"),
    "民勤 100 MW 光伏": ("contracted_re", Decimal(70), 2, "1.42", "confirmed"),
    "成都轨道站点换乘通道": ("transport", None, 1, "1.16", "confirmed"),
}
OPEX = Decimal("0.38")


def _text(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.1')):f}"


def make_inputs(project: Project, construction: int, ppy: int, aim: str) -> dict[str, Any]:
    """Level debt service over the term after construction; cost 38% of revenue, both growing slowly."""
    assert project.total_investment is not None
    cost, debt = project.total_investment / WAN, project.amount / WAN
    periods = max(project.term_months * ppy // 12 - construction, ppy)
    # The entered cost leaves room for interest during construction.
    spent = cost * Decimal("0.965")
    due = annuity(debt, RATE / 100 / ppy, periods)
    revenue = due * Decimal(aim) * Decimal("1.06") / (ONE - OPEX)
    each = (spent / construction).quantize(ONE)
    rest = spent.quantize(ONE) - each * (construction - 1)
    years = periods // ppy
    repairs = ["0"] * (min(4, years) * ppy) + [_text(revenue * Decimal("0.012"))]
    return {
        "facts": {
            "gearing": str((debt / cost * 100).quantize(Decimal("0.01"))),
            "life_years": "18",
            "tax_rates": "0×3 12.5×3 25" if project.product == "P01" else "25",
            "reserve_months": "6" if project.product == "P01" else "0",
        },
        "tranches": [
            {"name": "项目贷款", "share": "100", "rate": f"{RATE}", "kind": "level", "periods": str(periods)}
        ],
        "lines": {
            "capex": {"cells": [*[str(each)] * (construction - 1), str(rest)]},
            "revenue": {"cells": [_text(revenue)], "growth": "0.6"},
            "opex": {"cells": [_text(revenue * OPEX)], "growth": "1.2"},
            "maintenance": {"cells": repairs, "growth": "0"},
            "working_capital": {"cells": [_text(revenue * Decimal("0.03"))]},
        },
    }  # fmt: skip


def make_models(stage: Stage) -> None:
    """The versions, before their projects are submitted."""
    for number, (project, state) in enumerate(stage.made["projects"][: len(PROJECTS)]):
        if project.name in MODELS:
            days = STORY_DAYS.get(state) or number % 20
            _tell(stage, Project.objects.select_related("client__owner").get(pk=project.pk), days)


def _tell(stage: Stage, project: Project, days: int) -> None:
    kind, share, ppy, aim, outcome = MODELS[project.name]
    owner = project.client.owner
    construction = (2 if project.product == "P01" else 1) * ppy
    with stage.days_ago(stage.back(days + 10), hour=9):
        facts: dict[str, Any] = {
            "revenue_type": kind,
            "contracted_share": share,
            "starts_on": clock.today().replace(month=1, day=1),
            "ppy": ppy,
            "construction": construction,
            "operation": project.term_months * ppy // 12 - construction + 3 * ppy,
        }
        row = services.cashflow_create(project=project, by=owner, note="按可行性研究报告", **facts)
        inputs = make_inputs(project, construction, ppy, aim)
        if outcome == "faulty":
            inputs["lines"]["opex"]["cells"] += ["同上", "详见附表"]
        row = _save(row, inputs)
        if outcome == "faulty":
            return
        row = services.cashflow_check(model=row, expected_version=row.version, by=owner)
    if outcome == "checked":
        return
    row = _confirm(stage, row, days + 9)
    if outcome == "again":
        with stage.days_ago(stage.back(days + 8), hour=9):
            row = services.cashflow_copy(model=row, expected_version=row.version, by=owner)
            inputs["lines"]["revenue"]["growth"] = "-0.5"
            row = _save(row, inputs, note="按限电测算下调发电量")
            row = services.cashflow_check(model=row, expected_version=row.version, by=owner)
        _confirm(stage, row, days + 7)


def _save(row: CashflowModel, inputs: dict[str, Any], **facts: Any) -> CashflowModel:
    owner = row.project.client.owner
    return services.cashflow_save(model=row, inputs=inputs, facts=facts, expected_version=row.version, by=owner)


def _confirm(stage: Stage, row: CashflowModel, days: int) -> CashflowModel:
    with stage.days_ago(stage.back(days), hour=15):
        return services.cashflow_confirm(model=row, expected_version=row.version, by=stage.people["tangyutong"])


demo.register(make_models, order=60)
