"""Client requests of the demo: each state, the queue, one whose first answer is overdue, one reopened."""

from typing import Any

from clients.requests.models import ServiceRequest
from clients.requests.services import (
    request_answer,
    request_close,
    request_promise,
    request_record,
    request_reopen,
    request_solve,
    request_take,
)
from crm.kernel.declarations import demo
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage

# Class, channel, what is asked for, answer, solution.
ASKED: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "document",
        "phone",
        "请提供上季度还款凭证和利息清单，年审用。",
        "三个工作日内提供。",
        "凭证和清单已寄送客户财务部。",
    ),
    (
        "question",
        "wechat",
        "询问提前还款需要提前几天申请、违约金怎么算。",
        "提前十个工作日书面申请。",
        "已发申请表和测算示例。",
    ),
    ("account", "email", "申请增加网银复核员权限。", "需提交盖章申请书。", "权限已开通，客户登录正常。"),
    (
        "financing",
        "talk",
        "希望了解设备更新贷款的贴息条件。",
        "符合条件，材料清单已发。",
        "客户已提交材料，转入项目储备。",
    ),
    (
        "change",
        "counter",
        "法定代表人变更，咨询合同和印鉴如何换签。",
        "告知换签流程和所需材料。",
        "合同附件和印鉴卡已换签。",
    ),
    ("opinion", "phone", "建议每月主动发送利息计算明细。", "已记录并转相关部门。", "自本月起随账单发送明细。"),
)


def make_requests(stage: Stage) -> None:
    """For every third client one or two older requests; for three account managers one in each state."""
    for number, client in enumerate(stage.made["clients"][::3]):
        client.refresh_from_db()
        for turn, back in enumerate((95 + number % 30, 12 + number % 40)):
            _closed(stage, client, number + turn * 4, stage.back(back))
    seen: set[int] = set()
    for client in stage.made["clients"]:
        if client.owner_id not in seen and len(seen) < 3:
            seen.add(client.owner_id)
            _each_state(stage, client)


def _record(client: Any, number: int, **given: Any) -> ServiceRequest:
    kind, channel, words, *_rest = ASKED[number % len(ASKED)]
    told = {"kind": kind, "channel": channel, "words": words, "again": True, "by": client.owner}
    return request_record(client=client, contact=client.contacts.first(), **told, **given)


def _now(row: ServiceRequest) -> dict[str, Any]:
    row.refresh_from_db()
    return {"request": row, "expected_version": row.version, "by": row.client.owner}


def _closed(stage: Stage, client: Any, number: int, days: int) -> None:
    """Answered after some hours, sometimes at once, sometimes only the next day; solved and called back."""
    answer, solution = ASKED[number % len(ASKED)][3:]
    with stage.days_ago(days, hour=10, minute=number * 7 % 60):
        row = _record(client, number, is_mine=True)
    is_at_once, is_slow = number % 3 == 0, number % 7 == 5
    with stage.days_ago(days - 1 if is_slow else days, hour=11 + number % 5, minute=20):
        if is_at_once:
            request_solve(**_now(row), words=solution)
        else:
            request_answer(**_now(row), words=answer)
    with stage.days_ago(max(days - 3, 0), hour=15):
        if not is_at_once:
            request_solve(**_now(row), words=solution)
        request_close(**_now(row), words="客户确认已解决。", is_content=number % 6 != 4)


def _each_state(stage: Stage, client: Any) -> None:
    client.refresh_from_db()
    with stage.days_ago(stage.back(3), hour=9, minute=40):
        _record(client, 0)  # Nobody has taken it: overdue.
        answered, solved, again = (_record(client, number) for number in (2, 4, 5))
    with stage.days_ago(stage.back(2), hour=10):
        request_take(**_now(answered))
        request_answer(**_now(answered), words=ASKED[2][3])
        request_promise(**_now(answered), what="开通网银复核员权限", owner=client.owner, due_on=clock.today())
        request_solve(**_now(solved), words=ASKED[4][4])
        request_solve(**_now(again), words=ASKED[5][4])
        request_reopen(**_now(again), words="客户来电：本月账单仍无明细。")
    _record(client, 1)
    _record(client, 3, is_mine=True)


demo.register(make_requests, order=98)
