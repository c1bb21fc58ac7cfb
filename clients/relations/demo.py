"""Interactions of the demo: visits and calls of the last months, some agreed, planned, without minutes or overdue."""

from datetime import timedelta
from typing import Any

from clients.relations.models import Promise
from clients.relations.services import contact_plans_update, interaction_record, note_add, promise_add, promise_settle
from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations import demo
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage

# Kind, what was said, opinions and needs, next step.
TALKS: tuple[tuple[str, str, str, str], ...] = (
    ("visit", "走访厂区，二期设备已到货七成，预计下季度试生产；流动资金略紧。", "希望增加承兑额度。", "收设备到货清单"),
    ("call", "电话核对本月回款，两笔大额应收款按期到账。", "", "核对下月回款计划"),
    ("wechat", "微信沟通年审资料，审计报告下周出具，先提供未审报表。", "", "收审计报告"),
    ("email", "邮件发送贷款条件清单，客户财务部确认收到。", "对提前还款违约金有异议。", "答复提前还款条款"),
    ("visit", "与财务总监核对应收账款，90 天以上集中在两家整机厂，客户承诺催收。", "", "收账龄明细与催收计划"),
    (
        "online",
        "线上沟通项目融资方案，客户认可等额本金安排，希望宽限期延长半年。",
        "宽限期希望为两年。",
        "测算宽限期方案",
    ),
    ("meeting", "会谈明年合作计划，双方同意按季对账，结算业务逐步归集。", "希望审批提速。", "提交年度合作方案"),
    ("call", "电话了解原材料涨价影响，客户已锁定三个月价格。", "", "了解下季度订单"),
)


def make_interactions(stage: Stage) -> None:
    """Two or three for each client, the older ones rarer; the newest agree the next contact."""
    for number, client in enumerate(stage.made["clients"]):
        client.refresh_from_db()
        contacts = list(client.contacts.all()[:2])
        # One client in nine was not heard of for a long time.
        days = (140,) if number % 9 == 4 else (118 - number % 23, 61 - number % 19, 6 + number % 21)
        for turn, ago in enumerate(days[number % 2 :]):
            is_last = ago == days[-1]
            _talk(stage, client, contacts, number + turn * 3, ago, is_last=is_last)
    _plan(stage)
    contact_plans_update(by=SYSTEM)


def _talk(stage: Stage, client: Any, contacts: list[Any], number: int, ago: int, *, is_last: bool) -> None:
    kind, words, needs, step = TALKS[number % len(TALKS)]
    with stage.days_ago(ago, hour=9 + number % 8, minute=number * 7 % 60):
        agreed = clock.today() + timedelta(days=14 + number % 20) if is_last else None
        row = interaction_record(
            client=client,
            kind=kind,
            words=words,
            needs=needs,
            starts_at=clock.now() - timedelta(hours=1),
            ends_at=clock.now() if kind in ("visit", "meeting", "online", "call") else None,
            place="客户公司" if kind in ("visit", "meeting") else "",
            contacts=contacts[: 1 + number % 2],
            next_on=agreed,
            next_what=step if agreed else "",
            by=client.owner,
        )
        if number % 7 == 3:
            due = clock.today() + timedelta(days=5)
            promise = promise_add(
                interaction=row, what="提供贷款条件清单", owner=client.owner, due_on=due, by=client.owner
            )
    if number % 7 == 3 and not is_last:
        with stage.days_ago(ago - 4):
            promise_settle(promise=promise, state=Promise.State.KEPT, outcome="清单已发客户财务部", by=client.owner)
            note_add(interaction=row, text="客户次日来电，清单第三项改为合并报表口径。", by=client.owner)


def _plan(stage: Stage) -> None:
    """For three account managers: an appointment today or tomorrow, and a meeting without minutes."""
    seen: set[int] = set()
    for client in stage.made["clients"]:
        if client.owner_id in seen or len(seen) == 3:
            continue
        seen.add(client.owner_id)
        with stage.days_ago(1, hour=15):
            told = {"client": client, "by": client.owner}
            ahead = stage.now + timedelta(hours=3)
            interaction_record(**told, kind="visit", state="planned", purpose="二期项目现场走访", starts_at=ahead)
            later = stage.now + timedelta(days=1)
            link = "https://meeting.example.com/j/20260417"
            purpose = "融资方案线上沟通"
            interaction_record(**told, kind="online", state="planned", purpose=purpose, starts_at=later, link=link)
            start = clock.now() - timedelta(hours=2)
            interaction_record(**told, kind="meeting", purpose="季度对账会", starts_at=start, place="我行会议室")


demo.register(make_interactions, order=97)
