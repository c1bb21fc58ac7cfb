"""The demo's complaints: near and past their limit, extended once and twice, one major, one about a department head."""

from dataclasses import dataclass, field
from typing import Any

from crm.kernel.audit.context import SYSTEM, Actor
from crm.kernel.declarations import demo
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from staff.complaints import services
from staff.complaints.models import Complaint
from staff.complaints.selectors.eligible import recheckers

REPLY = {
    "draft": "经调取合同、流水和通话录音核实，您反映的情况属实。",
    "outcome": "upheld",
    "reasons": "依据合同约定和我机构服务收费管理办法，相关事项应事先书面告知并征得同意，本案经办环节未能做到。",
    "measures": "多收费用已原路退回，经办流程已补充书面告知环节",
}


@dataclass(frozen=True)
class Story:
    """A complaint received `days` ago about the client with this index; `acts` are (days ago, what happened)."""

    days: int
    client: int
    title: str
    facts: str
    handler: str = ""
    acts: tuple[tuple[int, str], ...] = ()
    channel: str = "hotline"
    extra: dict[str, Any] = field(default_factory=dict)
    subject: str = ""


STORIES = (
    Story(47, 13, "监管账户误冻结", "监管账户因系统比对错误被冻结三日，影响工程款支付，要求赔偿损失。", "yezhiqiu",
          ((46, "acknowledge"), (40, "extend"), (25, "extend")), "regulator", {"amount": "1200000"}),
    Story(29, 3, "抵押解押拖延", "贷款结清后两周仍未办理抵押解押，多次催问无回复。", "gaoxiangyu",
          ((28, "acknowledge"), (18, "extend"))),
    Story(16, 1, "提前还款违约金计算", "提前还款违约金的计算口径与合同约定不一致，要求重新核算。", "linxiaowen",
          ((15, "acknowledge"), (2, "draft"))),
    Story(14, 5, "评估费收取未说明", "签约时未说明评估费的收取标准，放款后直接扣收，要求退还。", "yezhiqiu",
          ((13, "acknowledge"), (1, "draft"))),
    Story(12, 7, "放款晚于约定四个工作日", "约定的放款日未能放款，导致设备采购违约，媒体已有报道。", "yezhiqiu",
          ((11, "acknowledge"), (1, "draft")), "email", {"is_in_media": True}),
    Story(8, 9, "客户经理更换未告知", "原客户经理调岗后两个月无人联系，资料反复索要。", "matianfang",
          ((7, "acknowledge"),), "counter"),
    Story(6, 2, "部门负责人态度生硬", "洽谈展期时部门负责人拒绝说明理由，态度生硬，要求更换对接人。", "yezhiqiu",
          ((5, "acknowledge"),), "email", {}, "chenguodong"),
    Story(3, 11, "资料重复索要", "同一份审计报告先后提交四次，仍被要求补交。", "xujianing", ((2, "acknowledge"),)),
    Story(34, 15, "利率重定价日争议", "重定价日与合同约定相差一个月，多计利息。", "gaoxiangyu",
          ((33, "acknowledge"), (27, "draft"), (26, "reply"), (24, "close"), (20, "ask_recheck"),
           (12, "answer_recheck"))),
    Story(60, 17, "展期材料丢失", "提交的展期材料原件丢失，要求说明并补办。", "xujianing",
          ((59, "acknowledge"), (44, "draft"), (43, "reply"), (40, "close"))),
)  # fmt: skip


class Complaints:
    """Tells the stories through the services, the clock set to the day of each act."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.people = stage.people

    def build(self) -> None:
        """All, oldest act first; the last one comes by the public page."""
        steps: list[tuple[int, int, str]] = []
        for number, story in enumerate(STORIES):
            steps.append((-story.days, number, "receive"))
            steps += [(-days, number, what) for days, what in story.acts]
        made: dict[int, Complaint] = {}
        for order, (days, number, what) in enumerate(sorted(steps, key=lambda step: (step[0], step[1]))):
            with self.stage.days_ago(-days, hour=9 + order % 8, minute=order % 60):
                if what == "receive":
                    made[number] = self.receive(STORIES[number])
                else:
                    self.act(Complaint.objects.get(pk=made[number].pk), what)
        with self.stage.days_ago(0, hour=8):
            services.complaint_file(
                facts={
                    "title": "电话无人接听",
                    "facts": "连续两日拨打客户服务电话无人接听，留言也没有回复。",
                    "complainant_name": "钟启昂",
                    "complainant_phone": "13812346021",
                },
                address="203.0.113.7",
                token="demo-public-form",  # noqa: S106  the form, not a secret
                by=Actor(person_id=None, person_name="visitor"),
            )
        for complaint in Complaint.objects.filter(due_on__lt=clock.today()):
            with self.stage.days_ago((clock.today() - complaint.due_on).days - 1, hour=9):
                services.overdue_note(pk=complaint.pk, by=SYSTEM)

    def receive(self, story: Story) -> Complaint:
        """Recorded by the complaints officer, who names the responsible person."""
        officer = self.people["yezhiqiu"]
        complaint = services.complaint_receive(
            channel=story.channel,
            received_at=clock.now(),
            title=story.title,
            facts=story.facts,
            complainant_name="顾明德",
            complainant_phone=f"139{story.days:04d}{story.client:04d}",
            client_code=self.stage.made["clients"][story.client].credit_code or "",
            subjects=[self.people[story.subject]] if story.subject else [],
            by=officer,
            **story.extra,
        )
        if story.subject:
            given = {"confirms": True, "opinion": "来函明确指向该负责人，确认列为被投诉人"}
            self.do(services.claim_decide, complaint, self.people["hanzhiyuan"], **given)
            complaint = Complaint.objects.get(pk=complaint.pk)
        return services.complaint_assign(
            complaint=complaint,
            person=self.people[story.handler],
            expected_version=complaint.version,
            by=officer,
        )

    def act(self, complaint: Complaint, what: str) -> None:
        """One act of the responsible person, or of the second one."""
        handler = complaint.responsible
        assert handler is not None
        if what == "acknowledge":
            self.do(services.complaint_acknowledge, complaint, handler, how="电话告知已受理，并说明答复期限")
        elif what == "draft":
            self.do(services.complaint_draft, complaint, handler, **REPLY, measures_on=clock.today())
        elif what == "reply":
            self.do(services.complaint_reply, complaint, handler, how="电话告知，并寄出书面答复")
        elif what == "close":
            self.do(services.complaint_close, complaint, self.people["yezhiqiu"], note="已退费，流程已补充说明")
        elif what == "ask_recheck":
            given = {"requested_on": clock.today(), "grounds": "对重定价日的认定不服，要求上级核查。"}
            self.do(services.recheck_request, complaint, self.people["yezhiqiu"], **given)
        elif what == "answer_recheck":
            answer = "经核查，合同约定的重定价日为放款日对应月日，原处理决定认定事实清楚、计算无误，予以维持。"
            given = {"verdict": "upheld", "answer": answer, "how": "书面答复，挂号寄出"}
            self.do(services.recheck_decide, complaint, recheckers(complaint)[0], **given)
        else:
            checker = self.people["hanzhiyuan"]
            self.do(services.extension_request, complaint, handler, reason="需向外部机构调取底稿并核对流水")
            self.do(services.extension_decide, complaint, checker, approves=True, opinion="情况复杂，同意延期")
            self.do(services.extension_tell, complaint, handler, how="电话与书面告知延期及理由")

    def do(self, service: Any, complaint: Complaint, by: Person, **more: Any) -> None:
        """Call a service with the present version."""
        now = Complaint.objects.get(pk=complaint.pk)
        service(complaint=now, expected_version=now.version, by=by, **more)


def play_complaints(stage: Stage) -> None:
    """Every complaint, oldest act first."""
    Complaints(stage).build()


demo.register(play_complaints, order=60)
