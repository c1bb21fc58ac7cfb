"""The small institution in which the doors are tried: people of every role, rows of every ownership, planted marks.

A *situation* is one client with contact, project, document, grade and (some) review case, in a state that matters.
Its confidential texts carry the situation's own mark, so that a leak names what it leaked. All is made by the services.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client as Browser

from clients.file.models import Client
from clients.file.services import client_create, co_manager_add, contact_create
from clients.file.tests.factories import credit_code, identity_number
from crm.kernel.access.grants import set_grants
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.modules import module_paths
from crm.kernel.notify.models import NoticePreference
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.parameters.models import Parameter
from crm.kernel.parameters.services import parameter_propose
from crm.kernel.people.models import Account, Department, Move, Person, Post
from crm.kernel.people.services import api_key_create, department_move, role_revoke
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_open
from crm.tests.support.people import CAST, browser_for, cast_member, make_account, make_person
from projects.deals.models import Project
from projects.deals.services import document_add, project_create
from projects.deals.signatures import ReportSignature
from projects.deals.tests.factories import sign_report, text_file
from risk.identity.services import identity_propose
from risk.indicators.models import NightRun
from risk.indicators.services import warning_respond
from risk.indicators.tests.factories import open_warning
from risk.ratings.services import rating_confirm, rating_enter
from risk.reviews.models import ReviewCase
from risk.reviews.services import condition_report
from risk.reviews.tests.factories import FACTS, decide, declare, submit
from staff.complaints import services as complaints
from staff.complaints.tests.factories import act as act_on
from staff.complaints.tests.factories import recorded
from staff.kpi.rules.periods import Quarter, quarter_of
from staff.kpi.services import correction_enter
from staff.kpi.tests.factories import closed, draft_scheme, in_post, previewed, result_of, scheme

ABSENT = 987_654_321
# Beside the cast of crm.tests.support.people: name, role, department.
BESIDE = {
    "co_manager": ("丁一鸣", "account_manager", "0010"),
    "other_co_manager": ("卢静姝", "account_manager", "0020"),
    "other_head": ("贺建邦", "department_head", "0020"),
    "former": ("石远帆", "account_manager", "0010"),
}


@dataclass
class Situation:
    """One client and what hangs on it. `marks`: field → text that stands nowhere else."""

    name: str
    client: Client
    marks: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """People by part, situations by name, keys by actor."""

    people: dict[str, Person]
    situations: dict[str, Situation] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    common: dict[str, Any] = field(default_factory=dict)

    def row(self, model: str, situation: str) -> Any:
        """The row of `model` in a situation, or the common one of a model without ownership; None if there is none."""
        found = self.situations.get(situation)
        own = found.rows.get(model) if found else None
        return own if own is not None else self.common.get(model)


def build() -> World:
    """Everything, in the transaction of the caller."""
    kpi_people()
    people = {part: cast_member(part) for part in CAST}
    people |= {part: make_person(name, role, place=place) for part, (name, role, place) in BESIDE.items()}
    world = World(people)
    _clients(world)
    _reviews(world)
    _complaints(world)
    _ways_in(world)
    _common(world)
    _kpi(world)
    for rows in module_rows():
        rows.add_rows(world)
    # He keeps a client and lost his role: what he kept is no longer his.
    role_revoke(grant=people["former"].role_grants.get(), by=SYSTEM)
    return world


def module_rows() -> list[ModuleType]:
    """The `tests/rows.py` of modules that bring their own: `add_rows(world)`, `BODIES` and `grow(manager, client)`."""
    folders = {module: Path(settings.BASE_DIR, *module.split("."), "tests") for module in module_paths()}
    return [import_module(f"{module}.tests.rows") for module, tests in folders.items() if (tests / "rows.py").is_file()]


_current: list[World] = []


def the_world() -> World:
    """The one world of this process. Built, and committed, when first asked for: each cell has its own transaction."""
    if not _current:
        with transaction.atomic():
            _current.append(build())
    return _current[0]


def use(world: World | None) -> None:
    """Make `world` the one of this process (tests build it in a transaction of theirs); None forgets it."""
    _current[:] = [] if world is None else [world]


def _clients(world: World) -> None:
    people = world.people
    for name, owner in (("own", "owner"), ("team", "colleague"), ("other", "stranger"), ("left", "former")):
        _situation(world, name, people[owner], people["assistant"] if owner == "owner" else None)
    team = world.situations["team"].rows
    team["warning"] = warning_respond(
        warning=team["warning"],
        response="已约客户下周现场核实。",
        expected_version=1,
        by=people["colleague"],
    )
    own, other = world.situations["own"].client, world.situations["other"].client
    co_manager_add(client=own, person=people["co_manager"], by=people["owner"])
    co_manager_add(client=other, person=people["other_co_manager"], by=people["stranger"])
    grant = type(own).grants.rel.related_model
    until = clock.now().replace(year=clock.now().year - 1)
    for part, valid_until in (("back_office", None), ("complaints_officer", until)):
        set_grants(
            grant,
            own,
            action="view",
            person_ids=[people[part].pk],
            source=f"test:{part}",
            reason="盘点",
            valid_until=valid_until,
            by=SYSTEM,
        )
    for name, owner in (("own_person", "owner"), ("other_person", "stranger")):
        number = identity_number(len(world.situations) + 500)
        marks = {"name": f"钟mk{name.replace('_', '')}", "identity_number": number}
        person = client_create(name=marks["name"], client_type="individual", identity_number=number, by=people[owner])
        world.situations[name] = Situation(name, person, marks, {"client": person})


def _complaints(world: World) -> None:
    """One on an own client, one on a foreign one, one about the department's head; two declared relatives."""
    people = world.people
    officer = people["complaints_officer"]
    _situation(world, "blamed", people["owner"], people["assistant"], proposed=False)
    handlers = {"own": "colleague", "other": "other_co_manager", "blamed": "complaints_officer"}
    for name, handler in handlers.items():
        made = world.situations[name]
        made.marks["complaint"] = f"mk{name}tt收费未说明"
        complaint = recorded(
            by=officer,
            title=made.marks["complaint"],
            client_code=made.client.credit_code,
            subjects=[people["head"]] if name == "blamed" else [],
        )
        complaint = act_on(complaints.complaint_assign, complaint, officer, person=people[handler])
        if name == "own":
            reason = "须调取评估机构底稿"
            complaint = act_on(complaints.extension_request, complaint, people[handler], reason=reason)
        if name == "other":
            agreed = {"reason": "mediation", "note": "双方同意调解"}
            complaint = act_on(complaints.pause_start, complaint, officer, **agreed)
        made.rows |= {
            "complaint": complaint,
            "complaintseat": complaint.seats.first(),
            "complaintevent": complaint.events.first(),
            "complaintclaim": complaint.claims.first(),
            "extension": complaint.extension_rows.first(),
            "pause": complaint.pauses.first(),
        }
    for name, part in (("own", "owner"), ("other", "stranger")):
        number = identity_number(len(world.situations) + 600 + len(name))
        declared = complaints.relation_declare(kind="other", identity_number=number, by=people[part])
        world.situations[name].rows["relation"] = declared


def _situation(world: World, name: str, owner: Person, assistant: Person | None, *, proposed: bool = True) -> Situation:
    """A client with contact, graded, with a draft project, a document and (proposed) a second grade that waits."""
    token, number = f"mk{name.replace('_', '')}", len(world.situations) + 700
    marks = {
        "name": f"榕江{token}cn水务",
        "credit_code": credit_code(number),
        "address": f"{token}ad路1号",
        "legal_representative": f"{token}lr",
        "confirmed_source": f"{token}cs",
        "contact": f"{token}kn",
        "title": f"{token}kt",
        "mobile": f"1390{number:07d}",
        "email": f"{token}em@example.com",
        "project": f"{token}pn供水项目",
        "purpose": f"{token}pp",
        "document": f"{token}dt",
        "file": f"{token}fn.txt",
        "reason": f"{token}rr评级理由",
        "source": f"{token}rs",
    }
    client = client_create(
        name=marks["name"],
        client_type="company",
        credit_code=marks["credit_code"],
        address=marks["address"],
        legal_representative=marks["legal_representative"],
        confirmed_source=marks["confirmed_source"],
        by=owner,
    )
    contact = contact_create(
        client=client,
        name=marks["contact"],
        title=marks["title"],
        mobile=marks["mobile"],
        email=marks["email"],
        by=owner,
    )
    people = world.people
    entered: dict[str, Any] = {"client": client, "grade": "AA", "reason": marks["reason"], "source": marks["source"]}
    rating = rating_enter(**entered, by=people["risk_assessor"])
    rating_confirm(rating=rating, by=people["second_assessor"])
    if proposed:
        rating = rating_enter(**{**entered, "grade": "A"}, by=people["risk_assessor"])
    seats = {"lead": owner, "assistant": assistant}
    facts = {**FACTS, "name": marks["project"], "purpose": f"{marks['purpose']}，用于水厂提标改造工程"}
    project = project_create(client=client, by=owner, confirm_same_project=True, **seats, **facts)
    document = document_add(
        project=project, upload=text_file(marks["file"], token), kind="feasibility", title=marks["document"], by=owner
    )
    report = document_add(project=project, upload=text_file("尽职调查报告.txt", token), kind="investigation", by=owner)
    sign_report(report)
    client.refresh_from_db()
    change = identity_propose(
        client=client,
        changes={"name": f"{marks['name']}更名"},
        reason="登记机关核准名称变更。",
        paper=text_file(f"{token}ip.txt", f"{token}变更通知书"),
        expected_version=client.version,
        by=owner,
    )
    todo = todo_open(
        kind="test.todo", subject=client, owner=owner, due_on=clock.today() + timedelta(days=30), url="/", by=SYSTEM
    )
    warning = open_warning(client, evidence={"since": str(clock.today()), "source": f"{token}we"})
    made = Situation(name, client, {**marks, "evidence": f"{token}we"})
    made.rows = {
        "client": client,
        "contact": contact,
        "project": Project.objects.get(pk=project.pk),
        "document": document,
        "reportsignature": ReportSignature.objects.filter(document=report).first(),
        "rating": rating,
        "identitychange": change,
        "standing": client.standing,
        "standingfact": client.standing_facts.order_by("pk").first(),
        "storedfile": document.file,
        "todo": todo,
        "notice": owner.notices.filter(object_type="kernel.todo", object_id=str(todo.pk)).first(),
        "noticepreference": NoticePreference.objects.get_or_create(person=owner, family="todos")[0],
        "warning": warning,
        "observation": warning.observations.get(),
        "account": owner.accounts.first(),
        "rolegrant": owner.role_grants.first(),
    }
    world.situations[name] = made
    return made


# What happened to each case: (who, verb) in order; "declare" only opens the form, "conflict" recuses, "report" says
# that its condition is met.
CASES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "initial": ("owner", (("initial_reviewer", "declare"),)),
    "recheck": ("owner", (("initial_reviewer", "approve"), ("recheck_reviewer", "declare"))),
    "final": (
        "owner",
        (
            ("initial_reviewer", "approve"),
            ("recheck_reviewer", "approve_with_conditions"),
            ("final_approver", "declare"),
        ),
    ),
    "recused": ("owner", (("initial_reviewer", "conflict"),)),
    "returned": ("owner", (("initial_reviewer", "return"),)),
    "approved": (
        "owner",
        (
            ("initial_reviewer", "approve"),
            ("recheck_reviewer", "approve_with_conditions"),
            ("final_approver", "approve"),
            ("owner", "report"),
        ),
    ),
    "rejected": ("owner", (("initial_reviewer", "reject"),)),
    "other_initial": ("stranger", ()),
    "other_final": (
        "stranger",
        (("second_initial_reviewer", "approve"), ("second_recheck_reviewer", "approve_with_conditions")),
    ),
}


def _reviews(world: World) -> None:
    people = world.people
    for name, (owner, acts) in CASES.items():
        helper = people["assistant" if owner == "owner" else "other_co_manager"]
        made = _situation(world, name, people[owner], helper, proposed=False)
        case = submit(made.rows["project"])
        for part, act in acts:
            _act(made, case, people[part], act)
        _case_rows(made, ReviewCase.objects.get(pk=case.pk))


def _act(made: Situation, case: ReviewCase, person: Person, act: str) -> None:
    token = f"mk{made.name.replace('_', '')}"
    if act in ("declare", "conflict"):
        declare(case, person, conflict=act == "conflict")
        return
    if act == "report":
        made.marks["evidence"] = f"{token}ce"
        condition_report(condition=case.conditions.get(), evidence=f"{token}ce", expected_version=1, by=person)
        return
    made.marks[f"opinion{len(made.marks)}"] = opinion = f"{token}op{len(made.marks)}资料齐全，同意本笔授信方案。"
    more: dict[str, Any] = {"opinion": opinion}
    if act == "return":
        made.marks["item"] = f"{token}it"
        more["items"] = [made.marks["item"]]
    if act == "approve_with_conditions":
        made.marks["condition"] = f"{token}cd"
        more["conditions"] = [{"text": made.marks["condition"], "kind": "precedent"}]
    decide(case, person, act, **more)


def _case_rows(made: Situation, case: ReviewCase) -> None:
    made.marks |= {"number": case.number, "sha256": case.rounds.get().dossier_sha256}
    made.rows |= {
        "project": Project.objects.get(pk=case.project_id),
        "review": case,
        "round": case.rounds.first(),
        "seat": case.seats.first(),
        "decision": case.decisions.first(),
        "condition": case.conditions.first(),
        "declaration": case.declarations.first(),
        "item": next((row.items.first() for row in case.decisions.all() if row.items.exists()), None),
    }


def kpi_people() -> None:
    """Who closes quarters and who publishes schemes were there three quarters ago."""
    with clock.at(_quarters()[0].starts_on):
        for part in ("finance", "final_approver"):
            cast_member(part)


def _quarters() -> tuple[Quarter, Quarter]:
    """Two quarters of which the later can be closed on any day of the running one."""
    later = quarter_of(clock.today()).previous.previous
    return later.previous, later


def _kpi(world: World) -> None:
    """A closed quarter with results and corrections, an open one to close, a draft scheme that waits."""
    people, (first, second) = world.people, _quarters()
    measured = {"own": people["owner"], "team": people["colleague"], "other": people["stranger"]}
    in_post(*measured.values())
    scheme(quarter=first)
    period = closed(first)
    for name, person in measured.items():
        rows = world.situations[name].rows
        rows["kpiresult"] = result = result_of(period, person)
        if name != "team":
            given: dict[str, Any] = {"measure": "reviews_returned", "points": "1", "reason": "申诉成立，重复计数"}
            rows["kpicorrection"] = correction_enter(result=result, by=people["finance"], **given)
    draft = draft_scheme(quarter=quarter_of(clock.today()).next)
    world.common |= {
        "kpiperiod": previewed(second),
        "kpischeme": draft,
        "kpischemerow": draft.rows.first(),
        "other_post": Post.objects.get_or_create(code="market_developer", defaults={"name": "市场开发专员"})[0],
    }


def _ways_in(world: World) -> None:
    """A session for everybody; keys for two; a session and a key that must not work any more."""
    for part, person in world.people.items():
        world.accounts[part] = person.accounts.order_by("pk")[0]
        world.browsers[part] = browser_for(person)
    owner = world.people["owner"]
    for part in ("machine", "disabled", "revoked"):
        account = make_account(owner)
        world.keys[part] = api_key_create(account=account, name=part, by=SYSTEM)
        world.browsers[part] = Browser()
        world.accounts[part] = account
    world.browsers["disabled"].force_login(world.accounts["disabled"])
    Account.objects.filter(pk=world.accounts["disabled"].pk).update(is_active=False)
    world.accounts["revoked"].api_keys.update(revoked_at=clock.now())
    for part in ("own", "team", "other"):
        made = world.situations[part]
        made.rows["apikey"] = _own_key(made.client.owner)
    world.browsers["visitor"] = Browser()
    for browser in world.browsers.values():
        browser.raise_request_exception = False


def _own_key(person: Person) -> Any:
    account = person.accounts.order_by("pk")[0]
    # It waits for the security administrator.
    api_key_create(account=account, name="own", by=cast_member("system_admin"))
    return account.api_keys.get(name="own")


def _waiting_move(by: Person) -> Move:
    """A department that is to come under another one."""
    moved, target = Department.objects.get(code="0020"), Department.objects.get(code="0030")
    department_move(department=moved, parent=target, expected_version=moved.version, by=by)
    return Move.objects.get(department=moved)


def _common(world: World) -> None:
    """Rows that belong to nobody in particular."""
    people = world.people
    draft = parameter_propose(
        code="review.opinion_min_length",
        value=12,
        effective_from=clock.today(),
        source="试验",
        by=people["system_admin"],
    )
    from_tables = {
        "department": Department.objects.get(code="0010"),
        "post": Post.objects.get_or_create(code="test", defaults={"name": "客户经理岗"})[0],
        "person": people["owner"],
        "parameter": Parameter.objects.get(code="review.opinion_min_length"),
        "parameterversion": draft,
        "move": _waiting_move(people["system_admin"]),
    }
    get_model = draft._meta.apps.get_model
    tables = {"calendarday": "kernel", "industry": "clients", "region": "clients"}
    world.common = {
        **from_tables,
        **{name: get_model(app, name).objects.first() for name, app in tables.items()},
        "nightrun": NightRun.objects.create(as_of=clock.today(), state="done", finished_at=clock.now()),
        "event": AuditEvent.objects.order_by("pk").first(),
        "dueitem": DueItem.objects.order_by("pk").first(),
        "jobrun": JobRun.objects.create(name="test"),
    }
