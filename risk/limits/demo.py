"""Limits of the demo: own capital told for the quarter, limits decided, one that waits for its approver."""

from datetime import timedelta
from decimal import Decimal

from clients.file.models import Client, ClientType
from clients.statements.models import Statement
from crm.kernel.declarations import demo
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.models import Project
from risk.limits.models import CreditLimit
from risk.limits.selectors import find_level, list_deciders, measured_clients
from risk.limits.services import limit_approve, limit_propose
from risk.limits.working import CAPITAL, work_out

SHOWN = 8
OWN = {"net": "28600000000.00", "tier1": "23100000000.00"}
SOURCE = "2026 年三季度资本充足率报表"
REASON = "按限额公式测算，还款来源为经营现金流，限额不超过测算值。"


def tell_own_capital(stage: Stage) -> None:
    """Capital of the last quarter, told by one administrator and approved by the other."""
    with stage.days_ago(stage.back(40)):
        version = parameter_propose(
            code=CAPITAL, value=OWN, effective_from=clock.today(), source=SOURCE, by=stage.people["chengziang"]
        )
        parameter_approve(version=version, by=stage.people["yanhuaijin"])


def decide_limits(stage: Stage) -> None:
    """Companies with a grade and confirmed statements that lie above what they use: all but the last are decided."""
    confirmed = Statement.objects.filter(state=Statement.State.CONFIRMED).values("client")
    rows = measured_clients().filter(
        client_type=ClientType.COMPANY, pk__in=confirmed, standing__grade_until__gte=stage.today + timedelta(days=30)
    )
    made = 0
    for client in rows.order_by("pk"):
        if made < SHOWN:
            made += _limit(stage, client, is_waiting=made == SHOWN - 1)


def _limit(stage: Stage, client: Client, *, is_waiting: bool) -> bool:
    """One limit above the client's exposure and its open deals; False where the formula gives less than that."""
    asked = Project.objects.filter(client=client).exclude(status=Project.Status.APPROVED)
    used = (client.standing.exposure or Decimal(0)) + max((row.amount for row in asked), default=Decimal(0))
    need, assessor = used + Decimal(60_000_000), stage.people["tangyutong"]
    with stage.days_ago(stage.back(4)):
        amount = work_out(client, need=need).limit.amount
        if not amount or amount < used:
            return False
        found = find_level(amount, client.standing.grade)
        if is_waiting and found.needs_committee:
            return False
        limit = limit_propose(
            client=client,
            need=need,
            need_kind=CreditLimit.NeedKind.DEBT_CAPACITY,
            source="偿债能力测算表，2026-11",
            reason=REASON,
            asked_of=list_deciders(client, found.level, by=assessor)[0],
            by=assessor,
        )
    if not is_waiting:
        with stage.days_ago(stage.back(2)):
            minutes = "贷审会 2026 年第 41 次会议纪要" if limit.by_committee else ""
            limit_approve(limit=limit, opinion="同意核定，按季复测。", resolution=minutes, by=limit.asked_of)
    return True


demo.register(tell_own_capital, order=100)
# After grades and statements.
demo.register(decide_limits, order=101)
