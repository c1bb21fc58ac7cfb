"""The demo's things by the names the pages use, and what is done to them before the pictures are taken."""

from typing import Any

from clients.file.models import Client, Contact
from clients.file.services import co_manager_add
from crm.kernel.audit.models import AuditEvent
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.people.models import Account, Person
from crm.kernel.worklist.models import Todo
from projects.deals.models import Project, ProjectDocument
from risk.indicators.models import WarningEpisode
from risk.ratings.models import Rating
from risk.reviews.models import Condition, ReviewCase, ReviewSeat
from risk.reviews.services import condition_report, conflict_declare
from staff.complaints.models import Complaint
from staff.kpi.models import KpiPeriod, KpiResult, KpiScheme
from tools.shots.page import module_files

Things = dict[str, tuple[Any, ...]]
MAIN = "大丰 22 MW 渔光互补项目"
CLIENT = "浙江钧茂精密机械有限公司"
RETURNED = "平湖 RV 减速器技改项目"
APPROVED = "蜀垣原料药车间"


def _case(name: str) -> ReviewCase:
    return ReviewCase.objects.get(project__name=name, kind="deal")


def _complaint(title: str) -> int:
    return int(Complaint.objects.get(title=title).pk)


def prepare() -> None:
    """Open the decision form of the main case, give the main client a co-manager, report a condition as met.

    Then what the modules prepare for their own pictures.
    """
    approver = Person.objects.get(name="韩致远")
    case = _case(MAIN)
    if not ReviewSeat.objects.filter(case=case, person=approver, stage="final", declared_at__isnull=False).exists():
        conflict_declare(case=case, has_conflict=False, text="", expected_version=case.version, by=approver)
    client = Client.objects.get(name=CLIENT)
    helper = Person.objects.get(name="高翔宇")
    if not Client.objects.visible_to(helper, "view").filter(pk=client.pk, owner=helper).exists():
        co_manager_add(client=client, person=helper, by=Person.objects.get(name="陈国栋"))
    condition = Condition.objects.filter(case=_case(APPROVED)).earliest("pk")
    if condition.status == Condition.Status.OPEN:
        condition_report(
            condition=condition,
            evidence="批复原件 11 月 24 日收到，已随放款资料归档。",
            expected_version=condition.version,
            by=Person.objects.get(name="林晓雯"),
        )
    for module in module_files():
        if hasattr(module, "prepare"):
            module.prepare()


def things() -> Things:
    """Arguments of routes, by name."""
    client = Client.objects.get(name=CLIENT)
    contact = Contact.objects.filter(client=client).earliest("pk")
    returned = Project.objects.get(name=RETURNED)
    final, other = _case(MAIN), _case("平潭海风运维码头")
    approved = _case("济南手术机器人产线")
    conditions = Condition.objects.filter(case=_case(APPROVED))
    event = AuditEvent.objects.filter(action="project.updated").last() or AuditEvent.objects.latest("pk")
    rating = Rating.objects.filter(status=Rating.Status.PROPOSED).earliest("pk")
    watched = WarningEpisode.objects.filter(client__owner__name="林晓雯").order_by("-level", "pk")
    warning = watched.filter(responded_at=None, closed_on=None, recovered_on=None).first() or watched[0]
    of_head = WarningEpisode.objects.filter(client__department__code="0010").exclude(client__owner__name="陈国栋")
    answered = of_head.filter(responded_at__isnull=False, closed_on=None).first() or warning
    closed = WarningEpisode.objects.filter(closed_on__isnull=False).first() or warning
    mine = KpiResult.objects.filter(person__name="林晓雯").order_by("-period__starts_on")
    found: Things = {
        "warning": (warning.pk,),
        "warned": (warning.client_id,),
        "warning_answered": (answered.pk,),
        "warning_closed": (closed.pk,),
        "kpi_result": (mine.filter(period__closed_at__isnull=False)[0].pk,),
        "kpi_preview": (mine[0].pk,),
        "kpi_period": (KpiPeriod.objects.get(pk=mine[0].period_id).pk,),
        "kpi_draft": (KpiScheme.objects.get(status=KpiScheme.Status.DRAFT).pk,),
        "client": (client.pk,),
        "fresh": (Client.objects.get(name="嘉兴平湖数控刀具有限公司").pk,),
        "foreign": (Client.objects.get(name="长春净月影视基地有限公司").pk,),
        "co_manager": (client.pk, Person.objects.get(name="高翔宇").pk),
        "contact": (client.pk, contact.pk),
        "contact_mobile": (client.pk, contact.pk, "mobile"),
        "client_history": ("clients.client", client.pk),
        "returned": (returned.pk,),
        "draft": (Project.objects.get(name="平湖精密轴承二期").pk,),
        "reviewed": (final.project_id,),
        "approved_project": (approved.project_id,),
        "document": (ProjectDocument.objects.filter(project=returned).earliest("pk").pk,),
        "final": (final.pk,),
        "final_undeclared": (other.pk,),
        "recheck": (_case("湘江新材料扩产项目").pk,),
        "recheck_late": (_case("荆州污水厂提标改造").pk,),
        "approved": (approved.pk,),
        "approved_own": (_case(APPROVED).pk,),
        "condition": (conditions.latest("pk").pk,),
        "condition_reported": (conditions.earliest("pk").pk,),
        "rejected": (_case("渭南光伏支架厂").pk,),
        "returned_case": (_case(RETURNED).pk,),
        "rating": (rating.pk,),
        "complaint": (_complaint("抵押解押拖延"),),
        "complaint_late": (_complaint("提前还款违约金计算"),),
        "complaint_review": (_complaint("放款晚于约定四个工作日"),),
        "complaint_extended": (_complaint("抵押解押拖延"),),
        "complaint_new": (_complaint("电话无人接听"),),
        "complaint_phone": (_complaint("抵押解押拖延"), "complainant_phone"),
        "event": (event.pk,),
        "todo": (Todo.objects.filter(owner__name="林晓雯", done_at=None).earliest("pk").pk,),
        "app": ("kernel",),
        "admin_final": (final.pk,),
        "admin_undeclared": (other.pk,),
        "admin_client": (client.pk,),
        "admin_parameter": (Parameter.objects.get(code="review.opinion_min_length").pk,),
        "admin_version": (ParameterVersion.objects.earliest("pk").pk,),
        "admin_person": (Person.objects.get(name="林晓雯").pk,),
        "admin_account": (Account.objects.get(login="linxiaowen").pk,),
    }
    for module in module_files():
        found |= module.things() if hasattr(module, "things") else {}
    return found
