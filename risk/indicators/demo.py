"""The demo's nights: warnings of each level, answered, closed, escalated, near their deadline and fresh."""

from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations import demo
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays.stage import Stage
from risk.indicators.models import WarningEpisode
from risk.indicators.services import risk_review, warning_close, warning_respond

# Working days ago: the first night is past its deadline by now, the second runs out tomorrow, the last is fresh.
NIGHTS = (9, 4, 0)
ANSWERS = (
    "已联系客户财务部，变更登记办理中，下周内完成核实。",
    "重评资料已收齐，已报风险评级人员。",
    "已约客户本周现场核对资料。",
)
CLOSING = "处理意见与依据核对无误，同意关闭。"


def watch(stage: Stage) -> None:
    """Three nights, and what people did between them."""
    for days in NIGHTS:
        with stage.days_ago(stage.back(days), hour=2, minute=10):
            risk_review(by=SYSTEM)
        if days == NIGHTS[0]:
            _answer(stage)


def _answer(stage: Stage) -> None:
    """Of the first night: every third is answered, every sixth closed besides; the rest go past their deadline."""
    heads = list(Person.objects.filter(role_grants__role=Role.DEPARTMENT_HEAD).select_related("department"))
    rows = WarningEpisode.objects.select_related("client__department", "owner").order_by("pk")
    for number, warning in enumerate(rows):
        if number % 3:
            continue
        text, version = ANSWERS[number // 3 % len(ANSWERS)], warning.version
        with stage.days_ago(stage.back(7), hour=15, minute=number % 60):
            done = warning_respond(warning=warning, response=text, expected_version=version, by=warning.owner)
        path = warning.client.department.path
        head = next((one for one in heads if path.startswith(one.department.path)), None)
        if number % 6 == 0 and head is not None and head.pk != warning.owner_id:
            with stage.days_ago(stage.back(5), hour=9, minute=number % 60):
                warning_close(warning=done, closing=CLOSING, expected_version=done.version, by=head)


def watch_contact(stage: Stage) -> None:
    """Tonight once more, after the contact plans: who was not heard of for months."""
    risk_review(by=SYSTEM)


demo.register(watch, order=80)
demo.register(watch_contact, order=99)
