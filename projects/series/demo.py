"""Series of the demo: weekly project meetings, executive dialogues, a yearly forum; some missed, one explained."""

from datetime import date, time, timedelta
from typing import Any

from clients.relations.models import Interaction
from clients.relations.services import interaction_hold
from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations import demo
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.models import Project
from projects.series.models import Series
from projects.series.services import period_explain, series_alarm, series_lay_out, series_start

WEEKLY_AGENDA = "各节点进度与偏差\n存在问题与责任人\n下周计划"
DIALOGUE_AGENDA = "合作进展\n未来规划与融资安排\n需高层协调事项"
MINUTES = (
    "主体工程完成六成，设备采购合同已签两份；电缆到货推迟一周，不影响总工期。",
    "土建收尾，安装单位进场；监理提出两处整改，已落实责任人。",
    "并网资料已报供电公司，预计两周内批复；资本金第二笔到账。",
)
WEEKS = 6


def make_series(stage: Stage) -> None:
    """For the clients of three account managers: a weekly meeting of a project, a dialogue, a forum."""
    first = stage.people["linxiaowen"].pk
    seen: dict[int, Any] = {first: None}
    projects = Project.objects.filter(status__in=["approved", "in_review", "draft"]).select_related("client__owner")
    for project in projects.order_by("pk"):
        if seen.get(project.client.owner_id) is None:
            seen[project.client.owner_id] = project
    for number, project in enumerate([project for project in seen.values() if project is not None][:3]):
        _tell(stage, project, number)
    series_lay_out(by=SYSTEM)
    series_alarm(by=SYSTEM)


def _tell(stage: Stage, project: Project, number: int) -> None:
    client, owner = project.client, project.client.owner
    contacts = list(client.contacts.all()[:1])
    head = stage.people["chenguodong"]
    executive = [head] if head.pk != owner.pk else [stage.people["hanzhiyuan"]]
    begun = _monday() - timedelta(days=7 * WEEKS)
    with stage.days_ago((clock.today() - begun).days, hour=8):
        weekly = series_start(
            client=client,
            project=project,
            kind=Series.Kind.WEEKLY,
            title=f"{project.name[:20]}周例会",
            weekday=2 + number,
            at=time(10),
            place="项目部会议室",
            agenda=WEEKLY_AGENDA,
            people=[owner],
            contacts=contacts,
            by=owner,
        )
        series_start(
            client=client,
            kind=Series.Kind.QUARTERLY,
            title="季度高层对话",
            at=time(15),
            place="我行贵宾室",
            agenda=DIALOGUE_AGENDA,
            people=executive,
            contacts=contacts,
            by=owner,
        )
        if number == 0:
            series_start(client=client, kind=Series.Kind.YEARLY, title="年度客户座谈会", at=time(14), by=owner)
    for week in range(WEEKS, 0, -1):
        is_missed = week in (1, 4) if number == 0 else week == 5
        _pass_week(stage, weekly, week, is_missed=is_missed)
    if number == 0:
        series_alarm(by=SYSTEM)
        earliest = weekly.periods.filter(level="red").order_by("first_on").first()
        if earliest is not None:
            period_explain(period=earliest, reason="业主组织停工检修，双方商定当周不开会", by=owner)


def _pass_week(stage: Stage, series: Series, week: int, *, is_missed: bool) -> None:
    """A past week: laid out by its Monday, held on its day unless missed."""
    monday = _monday() - timedelta(days=7 * week)
    with stage.days_ago((clock.today() - monday).days, hour=8):
        series_lay_out(by=SYSTEM)
    planned = series.periods.filter(first_on=monday, appointment__state=Interaction.State.PLANNED)
    period = planned.select_related("appointment").first()
    if period is None or period.appointment is None or period.meet_on is None or is_missed:
        return
    with stage.days_ago((clock.today() - period.meet_on).days, hour=12):
        interaction_hold(
            interaction=period.appointment,
            expected_version=period.appointment.version,
            words=MINUTES[week % len(MINUTES)],
            by=series.client.owner,
        )


def _monday() -> date:
    return clock.today() - timedelta(days=clock.today().weekday())


demo.register(make_series, order=98)
