"""Contracts of the demo's projects of earlier quarters, each at another point between signing and payment."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from crm.kernel.declarations import demo
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.models import Project
from projects.deals.rules.months import add_months
from projects.funding import services
from projects.funding.models import Contract

WAN = Decimal(10_000)
ACCOUNTS = {
    "江苏恒达机电设备有限公司": ("3250198836000000123", "中国建设银行苏州分行"),
    "中铁二局集团建筑有限公司": ("51001870836051504411", "中国建设银行成都分行"),
    "上海申能工程监理有限公司": ("31050161364000002287", "交通银行上海分行"),
}
EQUIPMENT, BUILDER, SUPERVISOR = ACCOUNTS
# Share of the capital paid in, then the draw-downs as (days ago, payee, 万元, what became of it).
STORIES: tuple[tuple[int, tuple[tuple[int, str, int, str], ...]], ...] = (
    (100, ((24, EQUIPMENT, 1200, "paid"), (12, BUILDER, 680, "paid"), (1, EQUIPMENT, 420, "requested"))),
    (60, ((20, BUILDER, 900, "paid"), (6, SUPERVISOR, 60, "declined"))),
    (0, ()),
    (40, ((15, BUILDER, 800, "paid"), (1, EQUIPMENT, 300, "requested"))),
    (80, ((9, EQUIPMENT, 1500, "paid"), (1, BUILDER, 460, "released"))),
)
WAITS = 2


def make_contracts(stage: Stage) -> None:
    """Contracts of what was approved in earlier quarters; one still waits for its second person."""
    past = [project for project, state in stage.made["projects"] if state == "past"]
    for number, (project, story) in enumerate(zip(past, STORIES, strict=False)):
        project.refresh_from_db()
        if project.status == Project.Status.APPROVED:
            _tell(stage, project, number, *story)


def _tell(
    stage: Stage, project: Project, number: int, share: int, draws: tuple[tuple[int, str, int, str], ...]
) -> None:
    project = Project.objects.select_related("client__owner").get(pk=project.pk)
    owner, assessor = project.client.owner, stage.people["tangyutong"]
    with stage.days_ago(stage.back(2 if number == WAITS else 35), hour=10):
        today = clock.today()
        contract = services.contract_enter(
            project=project,
            number=f"{today.year}-固贷-{208 + number:04d}",
            amount=project.approved_amount or project.amount,
            signed_on=today,
            available_until=today + timedelta(days=300),
            matures_on=add_months(today, project.approved_term_months or project.term_months),
            rate=Decimal("3.85"),
            repayment=project.repayment or Project.Repayment.SCHEDULE,
            paper=_paper("固定资产借款合同", project.name),
            by=owner,
        )
    if number == WAITS:
        return
    with stage.days_ago(stage.back(33), hour=15):
        contract = services.contract_confirm(contract=contract, by=assessor)
    if project.capital:
        with stage.days_ago(stage.back(31), hour=11):
            payment = services.capital_enter(
                contract=contract,
                amount=(project.capital * share / 100).quantize(Decimal("0.01")),
                paid_on=clock.today(),
                paper=_paper("资本金进账单", contract.number),
                by=owner,
            )
        with stage.days_ago(stage.back(30), hour=11):
            services.capital_confirm(payment=payment, by=assessor)
    for place, draw in enumerate(draws):
        _draw(stage, contract, place, draw)


def _draw(stage: Stage, contract: Contract, place: int, draw: tuple[int, str, int, str]) -> None:
    days, name, amount, outcome = draw
    account_no, bank = ACCOUNTS[name]
    payee: dict[str, Any] = {
        "name": name,
        "account_no": account_no,
        "bank": bank,
        "amount": amount * WAN,
        "is_entrusted": True,
        "invoice_no": f"FP-{contract.number[-4:]}-{place + 1:03d}",
    }
    with stage.days_ago(stage.back(days), hour=9):
        purpose = "设备采购款" if name == EQUIPMENT else "工程进度款" if name == BUILDER else "监理费"
        owner = contract.project.client.owner
        drawdown = services.drawdown_request(contract=contract, purpose=purpose, payees=[payee], by=owner)
    if outcome == "requested":
        return
    with stage.days_ago(stage.back(max(days - 1, 0)), hour=10):
        if outcome == "declined":
            reason = "监理费发票抬头与合同不一致，请更换后重新申请"
            services.drawdown_refuse(drawdown=drawdown, reason=reason, by=stage.people["tangyutong"])
            return
        services.drawdown_release(drawdown=drawdown, by=stage.people["tangyutong"])
    if outcome == "paid":
        with stage.days_ago(stage.back(max(days - 1, 0)), hour=15):
            services.drawdown_pay(
                drawdown=drawdown,
                paid_on=clock.today(),
                voucher=_paper("付款回单", str(drawdown)),
                by=stage.people["fangjingyi"],
            )


def _paper(title: str, of: str) -> ContentFile:
    return ContentFile(f"{title} {of}\n本文件为演示数据。\n".encode(), name=f"{title}.txt")


demo.register(make_contracts, order=98)
