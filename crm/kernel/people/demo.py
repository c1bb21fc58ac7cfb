"""The institution of the demo: departments, posts and 26 people, at least one in every role."""

from dataclasses import dataclass

from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations import demo
from crm.kernel.people.models import Department, Person, Post
from crm.kernel.people.roles import Role
from crm.kernel.people.services import account_create, department_create, person_create, role_grant
from crm.kernel.workdays.stage import BEGINNING, Stage

INSTITUTION = "华东项目融资股份有限公司"
PASSWORD = "Sanshen-2026"  # noqa: S105  printed at every start of the demo

# code, name, code of the parent
DEPARTMENTS = (
    ("0001", INSTITUTION, ""),
    ("0010", "客户一部", "0001"),
    ("0020", "客户二部", "0001"),
    ("0030", "风险管理部", "0001"),
)
POSTS = (
    ("client_service_manager", "客户服务经理"),
    ("market_developer", "市场开发专员"),
    ("risk_assessor", "风险评估师"),
    ("reviewer", "审查员"),
    ("team_lead", "团队主管"),
    ("department_head", "部门负责人"),
    ("vice_president", "分管副总"),
    ("general_manager", "总经理"),
    ("staff_officer", "综合岗"),
    ("auditor", "审计员"),
    ("administrator", "管理员"),
)


@dataclass(frozen=True)
class Member:
    """One person: login, name, department, post, roles, level of final authority."""

    login: str
    name: str
    department: str
    post: str
    roles: tuple[str, ...]
    level: int = 0


PEOPLE = (
    Member("linxiaowen", "林晓雯", "0010", "client_service_manager", (Role.ACCOUNT_MANAGER,)),
    Member("gaoxiangyu", "高翔宇", "0010", "client_service_manager", (Role.ACCOUNT_MANAGER,)),
    Member("dengsiqi", "邓思琪", "0010", "client_service_manager", (Role.ASSISTANT_INVESTIGATOR,)),
    Member("suwanqing", "苏婉清", "0010", "market_developer", (Role.MARKETING_DEVELOPER,)),
    Member("zhouqiming", "周启明", "0010", "team_lead", (Role.INITIAL_REVIEWER,)),
    Member("chenguodong", "陈国栋", "0010", "department_head", (Role.DEPARTMENT_HEAD,)),
    Member("matianfang", "马天放", "0020", "client_service_manager", (Role.ACCOUNT_MANAGER,)),
    Member("xujianing", "许嘉宁", "0020", "client_service_manager", (Role.ACCOUNT_MANAGER,)),
    Member("songyuhang", "宋雨航", "0020", "client_service_manager", (Role.ASSISTANT_INVESTIGATOR,)),
    Member("fanwenjing", "范文静", "0020", "team_lead", (Role.INITIAL_REVIEWER,)),
    Member("jiangmin", "蒋敏", "0020", "department_head", (Role.DEPARTMENT_HEAD,)),
    Member("tangyutong", "唐雨桐", "0030", "risk_assessor", (Role.RISK_ASSESSOR,)),
    Member("hejunfeng", "何俊峰", "0030", "risk_assessor", (Role.RISK_ASSESSOR,)),
    Member("shenruolan", "沈若岚", "0030", "reviewer", (Role.RECHECK_REVIEWER,)),
    Member("luowenbo", "罗文博", "0030", "reviewer", (Role.RECHECK_REVIEWER,)),
    Member("duruofei", "杜若飞", "0030", "department_head", (Role.FINAL_APPROVER,), 1),
    Member("hanzhiyuan", "韩致远", "0001", "vice_president", (Role.FINAL_APPROVER,), 2),
    Member("zhengboyuan", "郑伯远", "0001", "vice_president", (Role.FINAL_APPROVER,), 2),
    Member("fangjingyi", "方静怡", "0001", "staff_officer", (Role.BACK_OFFICE, Role.FINANCE)),
    Member("yezhiqiu", "叶知秋", "0001", "staff_officer", (Role.COMPLAINTS_OFFICER, Role.LEGAL)),
    Member("gumingzhe", "顾明哲", "0001", "staff_officer", (Role.DATA_STEWARD,)),
    Member("liangyawen", "梁雅文", "0001", "auditor", (Role.AUDITOR, Role.AUDIT_ADMIN)),
    Member("chengziang", "程子昂", "0001", "administrator", (Role.SYSTEM_ADMIN,)),
    Member("weichengan", "韦承安", "0001", "administrator", (Role.SECURITY_ADMIN,)),
    Member("qinzhongheng", "秦仲衡", "0001", "general_manager", (Role.FINAL_APPROVER,), 3),
    Member("wenyuning", "温予宁", "0030", "staff_officer", (Role.COMMITTEE_SECRETARY,)),
    Member("yanhuaijin", "严怀瑾", "0001", "administrator", (Role.SYSTEM_ADMIN,)),
)
# Who sits in the credit committee beside their own work.
COMMITTEE = ("duruofei", "hanzhiyuan", "zhengboyuan", "yezhiqiu", "fangjingyi", "jiangmin", "hejunfeng")

# Printed at the start: one line for each main part of the story.
SHOWN = (
    ("linxiaowen", "客户经理 account manager"),
    ("tangyutong", "风险评估师 risk assessor"),
    ("hejunfeng", "风险评估师 second risk assessor"),
    ("zhouqiming", "初审 initial reviewer"),
    ("shenruolan", "复核 re-check reviewer"),
    ("hanzhiyuan", "终审 final approver, vice-president"),
    ("wenyuning", "贷审会秘书 secretary of the credit committee"),
    ("qinzhongheng", "总经理 general manager"),
    ("chenguodong", "部门负责人 department head"),
    ("yezhiqiu", "投诉处理岗 complaints officer"),
    ("fangjingyi", "财务 finance officer"),
    ("liangyawen", "审计 auditor"),
    ("chengziang", "系统管理员 system administrator"),
    ("yanhuaijin", "系统管理员 second system administrator"),
    ("weichengan", "安全管理员 security administrator"),
)


def make_people(stage: Stage) -> None:
    """Departments, posts, people with their roles and accounts, on the day the institution opens."""
    with stage.days_ago(BEGINNING):
        _make_people(stage.people)


def _make_people(people: dict[str, Person]) -> None:
    for code, name, parent in DEPARTMENTS:
        above = Department.objects.get(code=parent) if parent else None
        department_create(code=code, name=name, parent=above, by=SYSTEM)
    Post.objects.bulk_create([Post(code=code, name=name) for code, name in POSTS], ignore_conflicts=True)
    for number, member in enumerate(PEOPLE, start=1):
        person = person_create(
            name=member.name,
            employee_no=f"E{number:04d}",
            department=Department.objects.get(code=member.department),
            post=Post.objects.get(code=member.post),
            email=f"{member.login}@sanshen.example",
            by=SYSTEM,
        )
        for role in member.roles:
            role_grant(person=person, role=role, authority_level=member.level, by=SYSTEM)
        if member.login in COMMITTEE:
            role_grant(person=person, role=Role.COMMITTEE_MEMBER, by=SYSTEM)
        account_create(person=person, login=member.login, password=PASSWORD, must_change_password=False, by=SYSTEM)
        people[member.login] = person


demo.register(make_people, order=10)
