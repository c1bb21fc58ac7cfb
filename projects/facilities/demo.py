"""Facilities of the demo: loans and guarantees from before this system, one that waits, one that is paid back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from crm.kernel.declarations import demo
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.models import Project
from projects.facilities.models import Facility
from projects.facilities.services import (
    balance_tell,
    facility_confirm,
    facility_enter,
    facility_settle,
    facility_settle_confirm,
)

WAN = Decimal(10_000)
# What it finances, kind, contract and outstanding in 万元, margin, undrawn, years ago approved, years to run, how far.
FACILITIES: tuple[tuple[str, str, int, int, int, int, int, int, str], ...] = (
    ("厂房二期建设", "loan", 8600, 5160, 0, 0, 4, 6, "in_force"),
    ("日常经营周转", "revolving", 2000, 1250, 0, 0, 1, 1, "in_force"),
    ("设备采购付款", "acceptance", 1000, 1000, 300, 0, 1, 1, "in_force"),
    ("总包合同履约", "guarantee_perf", 600, 600, 60, 0, 2, 1, "in_force"),
    ("污水处理提标改造", "loan", 12000, 9000, 0, 1800, 2, 8, "in_force"),
    ("智能仓储项目", "loan", 4500, 3375, 0, 0, 3, 5, "waiting"),
    ("一期生产线", "loan", 3000, 120, 0, 0, 7, 1, "settling"),
    ("原料进口开证", "letter_of_credit", 800, 0, 0, 0, 2, 1, "settled"),
)


def make_facilities(stage: Stage) -> None:
    """On clients without a project in review or in work: the levels of the running cases stay as they were told."""
    busy = Project.objects.filter(status__in=["draft", "in_review", "returned", "approved"]).values_list("client_id")
    busy_ones = {pk for (pk,) in busy}
    clients = [client for client in stage.made["clients"] if client.pk not in busy_ones and not client.is_individual]
    for number, facts in enumerate(FACILITIES):
        if clients:
            _make(stage, clients[number % len(clients)], number + 11, facts)


def _make(stage: Stage, client: Any, number: int, facts: tuple[Any, ...]) -> None:
    name, kind, amount, outstanding, margin, undrawn, before, to_run, how = facts
    assessor = stage.people["tangyutong"]
    client.refresh_from_db()
    with stage.days_ago(12 if how == "waiting" else 60):
        today = clock.today()
        approved = today.replace(year=today.year - before, month=3, day=number)
        contract_no = f"{approved.year}-{Facility.Kind(kind).label}-{number:04d}"
        matures = approved.replace(year=approved.year + before + to_run)
        is_open = bool(undrawn) or kind == Facility.Kind.REVOLVING
        facility = facility_enter(
            client=client,
            contract_no=contract_no,
            name=name,
            kind=kind,
            amount=amount * WAN,
            margin=margin * WAN,
            approved_on=approved,
            approved_by=f"原授信审批委员会 {approved.year} 年第 {number % 9 + 1} 次会议",
            available_until=min(matures, today + timedelta(days=200)) if is_open else None,
            matures_on=matures,
            outstanding=outstanding * WAN,
            undrawn=undrawn * WAN,
            as_of=today - timedelta(days=1),
            paper=ContentFile(f"借款合同 {contract_no}\n借款人：{client.name}".encode(), name="借款合同.txt"),
            by=client.owner,
        )
    if how == "waiting":
        return
    with stage.days_ago(58):
        facility_confirm(facility=facility, by=assessor)
    with stage.days_ago(2):
        paid = Decimal(0) if how == "settling" else (outstanding * WAN * Decimal("0.98")).quantize(Decimal(1))
        balance_tell(
            facility=facility,
            as_of=clock.today() - timedelta(days=1),
            outstanding=paid,
            undrawn=undrawn * WAN,
            by=stage.people["gumingzhe"],
        )
        if how in ("settling", "settled"):
            facility_settle(facility=facility, settled_on=clock.today(), by=client.owner)
    if how == "settled":
        with stage.days_ago(1):
            facility_settle_confirm(facility=facility, by=assessor)


demo.register(make_facilities, order=96)
