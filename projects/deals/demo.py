"""Forty projects of the demo, and five of earlier quarters. Amounts are in 万元 and fit each other."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from crm.kernel.declarations import demo
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.investigators import investigators_now
from projects.deals.models import Project
from projects.deals.services import document_add, project_create, report_sign

WAN = Decimal(10_000)
# Before the first submission the deal stood a little differently: the approver sees what changed since.
FIRST_FIGURES = {"final_second_round": {"amount": 6900, "total_investment": 9200, "capital": 2300}}
# Clients whose project lies outside their own industry, by index, and why.
SECTOR_REASONS = {
    5: "车辆段由装备企业投资建设并运营，属城市轨道交通配套设施。",
    17: "自建海上风电运维码头，服务本企业主业。",
}
# State → for how many working days its story has been running, told by the module whose story it is.
STORY_DAYS: dict[str, int] = {}

# name, index into CLIENTS, product, sector, amount, months, secured, total investment, capital, where it stands
PROJECTS: tuple[tuple[str, int, str, str, int, int, int, int, int, str], ...] = (
    ("大丰 22 MW 渔光互补项目", 2, "P01", "other", 7200, 120, 1, 9600, 2400, "final_second_round"),
    ("平湖 RV 减速器技改项目", 0, "P15", "other", 6800, 84, 1, 9700, 2850, "returned_today"),
    ("平湖精密轴承二期", 0, "P15", "other", 6000, 72, 1, 8600, 2600, "draft"),
    ("湘江新材料扩产项目", 3, "P15", "other", 6600, 84, 1, 9500, 2850, "recheck_today"),
    ("长沙负极材料产线", 3, "P15", "other", 8000, 96, 1, 11500, 3500, "initial_today"),
    ("成都制剂三车间", 4, "P15", "other", 8000, 84, 1, 12000, 3900, "draft"),
    ("蜀垣原料药车间", 4, "P15", "other", 5000, 60, 1, 7200, 2200, "approved"),
    ("渝北智轨车辆段扩建", 5, "P01", "urban_rail", 9800, 120, 1, 14200, 4400, "final"),
    ("合肥机器人关节工厂", 6, "P15", "other", 8600, 84, 1, 12500, 3900, "draft"),
    ("闽江口 3# 泊位", 7, "P01", "port_shipping", 14800, 120, 1, 21300, 6500, "approved"),
    ("津南冷链分拨中心", 8, "P15", "other", 1800, 84, 1, 2700, 900, "returned_late"),
    ("荆州污水厂提标改造", 9, "P01", "other_infra", 19800, 120, 1, 28600, 8800, "recheck_late"),
    ("渭南光伏支架厂", 10, "P15", "other", 1000, 60, 1, 1500, 500, "rejected"),
    ("商丘高标准农田改造", 11, "P15", "other", 1600, 84, 1, 2400, 800, "initial_late"),
    ("南昌铜箔回收线", 12, "P15", "other", 4000, 72, 1, 5900, 1900, "draft"),
    ("保定供热管网改造", 13, "P01", "other_infra", 7600, 120, 1, 11200, 3600, "initial"),
    ("横州林浆一体化", 14, "P15", "other", 1500, 84, 1, 2300, 800, "withdrawn"),
    ("晋中骨料生产线", 15, "P15", "cement", 1200, 60, 1, 2000, 800, "draft"),
    ("安宁文旅酒店改造", 16, "P15", "other", 6800, 96, 1, 10000, 3200, "draft"),
    ("平潭海风运维码头", 17, "P01", "port_shipping", 16000, 120, 1, 23000, 7000, "final"),
    ("胶州湾海水淡化二期", 18, "P01", "other_infra", 12000, 120, 1, 17500, 5500, "recheck"),
    ("宁波差别化纤维改造", 19, "P15", "other", 5200, 72, 0, 7600, 2400, "draft"),
    ("吴淞生物医药园二期厂房", 20, "P15", "housing_other", 9000, 96, 1, 13500, 4500, "initial"),
    ("龙澄电芯中试线", 21, "P15", "other", 6000, 72, 1, 8800, 2800, "returned"),
    ("贵安算力中心一期", 22, "P15", "other", 14000, 96, 1, 20500, 6500, "final_today"),
    ("民勤 100 MW 光伏", 23, "P01", "other", 7600, 120, 1, 10200, 2600, "recheck"),
    ("乌兰察布风电二期", 24, "P01", "other", 14500, 120, 1, 20800, 6300, "initial"),
    ("贺兰山东麓酒庄群", 25, "P15", "other", 1700, 84, 1, 2600, 900, "draft"),
    ("阿拉尔智能轧花厂", 26, "P15", "other", 5600, 72, 1, 8100, 2500, "approved"),
    ("格尔木碳酸锂提纯", 27, "P15", "heavy30", 7400, 84, 1, 11800, 4400, "initial_conflict"),
    ("阎良航空结构件车间", 28, "P15", "other", 8800, 84, 1, 12600, 3800, "recheck_conditions"),
    ("成都轨道站点换乘通道", 29, "P01", "urban_rail", 2900, 120, 1, 4200, 1300, "final_escalated"),
    ("斗南花卉冷链仓", 30, "P15", "other", 1400, 60, 1, 2100, 700, "draft"),
    ("松原玉米深加工", 32, "P15", "corn", 6400, 84, 1, 9300, 2900, "recheck"),
    ("大连 15 万吨船坞改造", 34, "P15", "other", 7200, 96, 1, 10600, 3400, "returned"),
    ("济南手术机器人产线", 36, "P15", "other", 6000, 72, 1, 8900, 2900, "approved_conditions"),
    ("海阳核电部件厂房", 37, "P15", "other", 9500, 96, 1, 13800, 4300, "final_late"),
    ("汾河煤层气集输管网", 39, "P01", "other_infra", 7000, 108, 1, 10300, 3300, "draft"),
    ("光谷硅光芯片线", 41, "P15", "other", 13000, 96, 1, 18900, 5900, "recheck_nobody"),
    ("拉萨城区清洁供暖三期", 50, "P01", "other_infra", 6600, 120, 1, 9700, 3100, "initial"),
)


@dataclass(frozen=True)
class PastProject:
    """A project approved in an earlier quarter: client, amount and investment in 万元, how many working days ago."""

    name: str
    client: str
    product: str
    sector: str
    amount: int
    investment: int
    capital: int
    days: int
    is_returned: bool = False


PAST = (
    PastProject("曹妃甸 LPG 罐区扩容", "唐山曹妃甸液化气码头有限公司", "P15", "other", 3_600, 5_400, 1_700, 82),
    PastProject("滨湖功率器件封测线", "合肥滨湖半导体材料有限公司", "P15", "other", 4_200, 6_200, 1_900, 66, True),
    PastProject("敕勒低温乳品车间", "呼和浩特敕勒乳业有限公司", "P15", "other", 5_400, 8_000, 2_500, 76),
    PastProject("包头磁材二期", "包头北方稀土磁材有限公司", "P15", "other", 2_800, 4_100, 1_300, 58),
    PastProject("临港实训基地", "上海市临港职业技术学院", "P15", "other", 3_900, 5_800, 1_800, 72),
)
GRADED = 147  # days ago: before the first of them is submitted


def make_projects(stage: Stage) -> None:
    """All projects as (project, state), in the order of the tables; those of earlier quarters have the state "past"."""
    made = stage.made["projects"] = []
    for number, row in enumerate(PROJECTS):
        days = STORY_DAYS.get(row[9]) or number % 20
        made.append((file_project(stage, row, days + 12), row[9]))
    names = [client.name for client in stage.made["clients"]]
    for deal in PAST:
        facts = (deal.product, deal.sector, deal.amount, 84, 1, deal.investment, deal.capital)
        row = (deal.name, names.index(deal.client), *facts, "past")
        made.append((file_project(stage, row, deal.days + 12), "past"))


def file_project(stage: Stage, row: tuple[Any, ...], days: int) -> Project:
    """One project with its investigators and two papers, `days` working days before its first step."""
    name, index, product, sector, amount, months, secured, investment, capital, state = row
    client = stage.made["clients"][index]
    owner = client.owner
    figures = {"amount": amount, "total_investment": investment, "capital": capital} | FIRST_FIGURES.get(state, {})
    with stage.days_ago(stage.back(days) + 2):
        project = project_create(
            client=client,
            name=name,
            product=product,
            sector=sector,
            currency="CNY",
            term_months=months,
            secured=bool(secured),
            purpose=f"用于{name}的土建、设备购置与安装。",
            lead=_lead(stage, owner),
            assistant=_assistant(stage, owner),
            confirm_same_project=True,
            by=owner,
            **_terms(index, product, sector, bool(secured)),
            **{key: value * WAN for key, value in figures.items()},
        )
        for title, kind in (("可行性研究报告", "feasibility"), ("双人调查报告", "investigation")):
            text = f"{name} {title}\n本文件为演示数据。\n"
            document = document_add(
                project=project,
                upload=ContentFile(text.encode(), name=f"{title}.txt"),
                kind=kind,
                title=title,
                by=owner,
            )
        for person in investigators_now(project).values():
            report_sign(document=document, sha256=document.file.sha256, by=person)
    return project


def _terms(index: int, product: str, sector: str, is_secured: bool) -> dict[str, Any]:
    """Price, repayment, security and the approval of the project, as a bank of the province would have them."""
    agency = "发改审批" if sector in ("urban_rail", "port_shipping", "other_infra") else "发改备"
    approved_on = clock.today() - timedelta(days=75 + index)
    return {
        "rate_kind": "lpr_5y",
        "rate_spread_bp": (-25, -10, 5, 20)[index % 4],
        "repayment": "schedule",
        "security_kinds": (["income_pledge", "mortgage"] if product == "P01" else ["mortgage", "guarantee"])
        if is_secured
        else [],
        "draw_months": 24 if product == "P01" else 12,
        "validity_months": 6,
        "approval_kind": "approval" if agency == "发改审批" else "filing",
        "approval_no": f"{agency}〔{approved_on.year}〕{37 + 3 * index}号",
        "approval_date": approved_on,
        "sector_reason": SECTOR_REASONS.get(index),
    }


def _lead(stage: Stage, owner: Person) -> Person:
    """The owner investigates; a marketing developer hands that to an account manager."""
    return owner if owner.has_role(Role.ACCOUNT_MANAGER) else stage.people["gaoxiangyu"]


def _assistant(stage: Stage, owner: Person) -> Person:
    """The second investigator of the owner's department."""
    return stage.people["dengsiqi" if owner.department.code == "0010" else "songyuhang"]


demo.register(make_projects, order=50)
