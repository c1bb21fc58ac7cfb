"""A body for each route that writes, as sound as the row allows: a cell that may succeed does succeed."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from clients.file.tests.factories import credit_code, identity_number
from crm.kernel.notify import kinds
from crm.kernel.workdays import clock
from crm.tests.assurance.world import ABSENT, World, module_rows
from projects.deals.tests.factories import text_file
from risk.reviews.selectors.hearings import list_new_documents
from risk.reviews.tests.factories import FACTS
from staff.complaints.tests.factories import DRAFT
from staff.kpi.rules.periods import quarter_of

Body = Callable[[World, str], dict[str, Any]]
_numbers = itertools.count(5_000)
OPINION = "资料齐全，现金流可覆盖，同意本笔授信方案。"
MORE_TEXT = "偿债指标满分，近三年经营现金流为正"


def version(world: World, model: str, situation: str) -> int:
    """The row's present version, 1 for rows that are absent."""
    return int(getattr(world.row(model, situation), "version", 1))


def _client(world: World, situation: str) -> dict[str, Any]:
    number = next(_numbers)
    return {"name": f"新设第{number}供热有限公司", "client_type": "company", "credit_code": credit_code(number)}


def _edit_client(world: World, situation: str) -> dict[str, Any]:
    client = world.row("client", situation)
    same = {name: getattr(client, name, "") or "" for name in ("name", "client_type", "credit_code")}
    return {**same, "size": "medium", "version": version(world, "client", situation)}


def _identity(world: World, situation: str) -> dict[str, Any]:
    papers = {"reason": "登记机关核准名称变更。", "paper": text_file(text=f"{next(_numbers)}")}
    return {**_edit_client(world, situation), **papers, "name": f"更名第{next(_numbers)}供热有限公司"}


def _api_identity(world: World, situation: str) -> dict[str, Any]:
    body = _identity(world, situation)
    return {
        **{name: body[name] for name in ("name", "reason", "paper")},
        "expected_version": body["version"],
    }


def _project(world: World, situation: str) -> dict[str, Any]:
    made = world.situations.get(situation or "own")
    facts = {name: value if isinstance(value, list) else str(value) for name, value in FACTS.items()}
    named = {"name": f"新项目{next(_numbers)}", "client": made.client.pk if made else ABSENT}
    return {**facts, **named, "secured": "yes", "confirm_same_project": "on"}


def _api_project(world: World, situation: str) -> dict[str, Any]:
    return {**_project(world, situation), "secured": True, "confirm_same_project": True}


def _edit_project(world: World, situation: str) -> dict[str, Any]:
    body = _project(world, situation)
    body.pop("client")
    # Left out, the two investigators would be taken away, and with them what they see.
    for row in world.row("project", situation).investigators.all() if situation in world.situations else ():
        body[row.part] = row.person_id
    return {**body, "version": version(world, "project", situation)}


def _decision(world: World, situation: str) -> dict[str, Any]:
    """The page's form, its two lists empty."""
    lists = {f"{name}-{part}_FORMS": 0 for name in ("items", "conditions") for part in ("TOTAL", "INITIAL")}
    seen = {"verb": "approve", "opinion": OPINION, "seen": "on"}
    return {**seen, **lists, "version": version(world, "review", situation)}


def _review(extra: dict[str, Any], key: str = "version") -> Body:
    return lambda world, situation: {**extra, key: version(world, "review", situation)}


def _rehearing(key: str) -> Body:
    def body(world: World, situation: str) -> dict[str, Any]:
        documents = list_new_documents(world.row("project", situation)).values_list("pk", flat=True)
        given = {"new_facts": "已取得长期购电协议，还款来源落实。", "documents": list(documents)}
        return {**given, key: version(world, "review", situation)}

    return body


def _prolongation(key: str) -> Body:
    def body(world: World, situation: str) -> dict[str, Any]:
        last = world.row("project", situation).valid_until if situation in world.situations else None
        until = (last or clock.today()) + timedelta(days=30)
        given = {"until": str(until), "reason": "接入系统批复延期，合同签署顺延。"}
        return {**given, key: version(world, "review", situation)}

    return body


def _with_version(model: str, extra: dict[str, Any] | None = None, key: str = "version") -> Body:
    return lambda world, situation: {**(extra or {}), key: version(world, model, situation)}


def _person(field: str, part: str) -> Body:
    def body(world: World, situation: str) -> dict[str, Any]:
        of_other = situation.startswith("other")
        person = world.people[{"keeper": "other_co_manager" if of_other else "colleague"}.get(part, part)]
        return {field: person.pk, "version": version(world, "client", situation)}

    return body


def _grade(world: World, situation: str) -> dict[str, Any]:
    return {"grade": "AA", "reason": MORE_TEXT, "source": "2026 年度评级报告"}


def _scored(world: World, situation: str) -> dict[str, Any]:
    """Whatever else is missing, who is non-performing with us is C."""
    return {"knock_outs": ["npl"], "reason": MORE_TEXT, "source": "企业信用报告"}


def _document(world: World, situation: str) -> dict[str, Any]:
    return {"file": text_file(text=f"{next(_numbers)}"), "kind": "other"}


def _parameter(world: World, situation: str) -> dict[str, Any]:
    chosen = type(world.common["parameter"]).objects.get(code="review.return_workdays")
    return {"parameter": chosen.pk, "value": "6", "effective_from": str(clock.today()), "source": "决定 2026-11"}


def _kpi_scheme(world: World, situation: str) -> dict[str, Any]:
    post = world.common["other_post"].pk
    first_day = quarter_of(clock.today()).next.starts_on
    figures = {"weight": 100, "dimension": "risk", "method": "deduct", "first": 5}
    row = {f"reviews_returned-{name}": value for name, value in figures.items()}
    return {"post": post, "effective_from": str(first_day), "source": "考核办法", **row}


def _text(word: str) -> str:
    return f"{word}{next(_numbers)}"


def _new_person(world: World, situation: str) -> dict[str, Any]:
    place = world.common["department"].pk
    return {"name": "唐一帆", "employee_no": _text("N"), "department": place, "post": ""}


def _same_person(world: World, situation: str) -> dict[str, Any]:
    person = world.people["owner"]
    seen = {"expected_version": version(world, "person", situation)}
    return {"name": person.name, "department": person.department_id, "post": "", **seen}


def _new_account(world: World, situation: str) -> dict[str, Any]:
    return {"person": world.people["marketer"].pk, "login": _text("n"), "password": "Another-2026-word"}


def _new_key(world: World, situation: str) -> dict[str, Any]:
    return {"account": world.accounts["marketer"].pk, "name": _text("key")}


def _department(world: World, situation: str) -> dict[str, Any]:
    root = world.common["department"].parent_id
    return {"code": _text("")[:8], "name": "新设部", "parent": root}


def _role(world: World, situation: str) -> dict[str, Any]:
    return {"person": world.people["former"].pk, "role": "back_office", "authority_level": 0}


def _password(world: World, situation: str) -> dict[str, Any]:
    return {"old_password": "Sanshen-test-2026", "new_password": "Another-2026-word", "again": "Another-2026-word"}


COMPLAINT = {
    "channel": "hotline",
    "title": "评估费收取未说明",
    "facts": "签约时未说明评估费的收取标准，放款后直接扣收。",
    "complainant_name": "欧阳明远",
    "complainant_phone": "13812346021",
}
# What each act on a complaint takes, by page and by API alike.
ACTS: dict[str, dict[str, Any]] = {
    "assign": {"person": "co_manager"},
    "acknowledge": {"how": "电话告知已受理"},
    "draft": {**DRAFT, "measures_on": "2099-12-31"},
    "review": {"passes": True, "verdict": "yes", "opinion": "属实，同意答复"},
    "reply": {"how": "书面寄出"},
    "close": {"note": "已退费，流程补充说明"},
    "reopen": {"reason": "客户称退费未到账"},
    "extend": {"reason": "须调取评估机构底稿"},
    "decide_extension": {"approves": True, "verdict": "yes", "opinion": "情况复杂，同意延期"},
    "tell_extension": {"how": "电话告知延期"},
    "pause": {"reason": "mediation", "note": "双方同意调解"},
    "resume": {},
    "reclassify": {"reason": "媒体已报道", "is_in_media": True, "complainants": 1},
    "concern": {"person": "marketer", "reason": "投诉人补充指明"},
    "unconcern": {"person": "marketer", "reason": "投诉人更正所指人员"},
    "ask_recheck": {"grounds": "不认可答复理由"},
    "decide_recheck": {"verdict": "upheld", "answer": DRAFT["reasons"], "how": "书面寄出"},
    "withdraw": {"how": "电话告知撤诉"},
    "correct": {"client_code": "", "project_name": "", "reason": "登记时客户有误"},
    "decide_claim": {"confirms": True, "verdict": "yes", "opinion": "经核，确系被投诉人"},
}
ONLY_PAGE, ONLY_API = frozenset({"verdict"}), frozenset({"passes", "approves", "confirms"})


def _receive(world: World, situation: str) -> dict[str, Any]:
    return {
        **COMPLAINT,
        "complainants": 1,
        "received_at": clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
    }


def _act(code: str, *, api: bool) -> Body:
    def body(world: World, situation: str) -> dict[str, Any]:
        left_out = ONLY_PAGE if api and code != "decide_recheck" else frozenset() if api else ONLY_API
        found = {name: value for name, value in ACTS[code].items() if name not in left_out}
        day = {"withdraw": "withdrawn_on", "ask_recheck": "requested_on"}.get(code)
        if day is not None:
            found[day] = clock.today().isoformat()
        if "person" in found:
            found["person"] = world.people[found["person"]].pk
        return found if api else {**found, "version": version(world, "complaint", situation)}

    return body


BODIES: dict[str, Body] = {
    **{f"staff:complaint_{code}": _act(code, api=False) for code in ACTS},
    **{f"api:complaint-{code.replace('_', '-')}": _act(code, api=True) for code in ACTS},
    "staff:complaint_receive": _receive,
    "staff:complaint_reveal": _with_version("complaint", {"purpose": "电话回访客户"}),
    "staff:relation_declare": lambda world, situation: {"kind": "other", "identity_number": identity_number(900)},
    "staff:relation_end": lambda world, situation: {},
    "api:complaint-list": lambda world, situation: COMPLAINT,
    "password_change": _password,
    "notify:preferences": lambda world, situation: {family.code: "digest" for family in kinds.families()},
    "web:theme": lambda world, situation: {"theme": "dark"},
    "web:density": lambda world, situation: {"density": "relaxed"},
    "web:language": lambda world, situation: {"language": "en"},
    "web:columns": lambda world, situation: {"show_grade": "on", "place_grade": 2},
    "web:saved_views": lambda world, situation: {"name": "本周到期", "is_shared": "on"},
    "clients:client_create": _client,
    "clients:code_check": lambda world, situation: {"credit_code": credit_code(next(_numbers))},
    "clients:client_update": _edit_client,
    "clients:client_reassign": _person("owner", "keeper"),
    "clients:co_managers": _person("person", "keeper"),
    "clients:co_manager_remove": _with_version("client"),
    "clients:identity_reveal": _with_version("client", {"purpose": "核对身份证件"}),
    "clients:contact_create": _with_version("client", {"name": "钟启昂"}),
    "clients:contact_update": _with_version("contact", {"name": "钟启昂"}),
    "clients:contact_delete": _with_version("contact"),
    "clients:contact_reveal": _with_version("contact", {"purpose": "核对联系方式"}),
    "projects:project_create": _project,
    "projects:project_update": _edit_project,
    "projects:project_withdraw": _with_version("project", {"reason": "客户改用自有资金，不再申请。"}),
    "projects:document_add": _document,
    "projects:document_remove": _with_version("project"),
    "risk:rating_confirm": lambda world, situation: {"verdict": "confirm"},
    "risk:rating_create": _grade,
    "risk:rating_score": _scored,
    "risk:identity_propose": _identity,
    "risk:identity_change": lambda world, situation: {"verdict": "confirm"},
    "risk:identity_withdraw": lambda world, situation: {},
    "risk:warning_respond": _with_version("warning", {"response": "已约客户下周现场核实。"}),
    "risk:warning_close": _with_version("warning", {"closing": "资料已核实，风险解除。"}),
    "risk:condition_report": _with_version("condition", {"evidence": "批复原件已收到并归档。"}),
    "risk:condition_settle": _with_version("condition", {"verdict": "met", "reason": "原件已核对"}),
    "clients:client_confirm": _with_version("client", {"source": "国家企业信用信息公示系统"}),
    "risk:review_conflict": _review({"has_conflict": "no"}),
    "risk:review_decide": _decision,
    "risk:review_withdraw": _review({"reason": "客户推迟项目，先行撤回。"}),
    "risk:review_rehear": _rehearing("version"),
    "risk:review_prolong": _prolongation("version"),
    "risk:review_submit": _with_version("project"),
    "staff:kpi_correct": lambda world, situation: {
        "measure": "reviews_returned",
        "points": "1.50",
        "reason": "申诉成立，重复计数",
        "token": str(uuid4()),
    },
    "staff:kpi_close": _with_version("kpiperiod", {"seen": "on"}),
    "staff:kpi_scheme_create": _kpi_scheme,
    "staff:kpi_scheme": _with_version("kpischeme", {"verdict": "publish"}),
    "api:client-list": _client,
    "api:client-detail": lambda world, situation: {"address": "福州市鼓楼区五四路 1 号"},
    "api:client-contact-list": lambda world, situation: {"name": "钟启昂"},
    "api:contact-detail": lambda world, situation: {"title": "副总经理"},
    "api:contact-remove": _with_version("contact", None, "expected_version"),
    "api:client-confirm": _with_version("client", {"source": "国家企业信用信息公示系统"}, "expected_version"),
    "api:project-list": _api_project,
    "api:project-detail": lambda world, situation: {"purpose": "日处理 5 万吨"},
    "api:project-withdraw": _with_version("project", {"reason": "客户改用自有资金，不再申请。"}, "expected_version"),
    "api:project-documents": _document,
    "api:project-review-submit": lambda world, situation: {"expected_version": version(world, "project", situation)},
    "api:client-grade-list": _grade,
    "api:client-scored-grade-list": _scored,
    "api:grade-confirm": lambda world, situation: {},
    "api:client-identity-list": _api_identity,
    "api:identity-change-confirm": lambda world, situation: {},
    "api:identity-change-reject": lambda world, situation: {"reason": "变更通知书未盖章，请补正后重报"},
    "api:identity-change-withdraw": lambda world, situation: {},
    "api:grade-reject": lambda world, situation: {"reason": "审计报告为上年度，请更新后重报"},
    "api:warning-respond": _with_version("warning", {"response": "已约客户下周现场核实。"}, "expected_version"),
    "api:warning-close": _with_version("warning", {"closing": "资料已核实，风险解除。"}, "expected_version"),
    "api:condition-report": _with_version("condition", {"evidence": "批复原件已收到并归档。"}, "expected_version"),
    "api:condition-settle": _with_version("condition", {"verdict": "met", "reason": "原件已核对"}, "expected_version"),
    "api:review-conflict": _review({"has_conflict": False}, "expected_version"),
    "api:review-decisions": _review({"verb": "approve", "opinion": OPINION, "seen": True}, "expected_version"),
    "api:review-rehear": _rehearing("expected_version"),
    "api:review-prolong": _prolongation("expected_version"),
    "api:review-withdraw": _review({"reason": "客户推迟项目，先行撤回。"}, "expected_version"),
    "admin:kernel_department_add": _department,
    "admin:kernel_department_change": lambda world, situation: {
        "parent": world.common["department"].parent_id,
        "expected_version": version(world, "department", situation),
    },
    "admin:kernel_post_add": lambda world, situation: {"code": _text("p"), "name": "风险经理岗"},
    "admin:kernel_person_add": _new_person,
    "admin:kernel_person_change": _same_person,
    "admin:kernel_account_add": _new_account,
    "admin:kernel_account_change": lambda world, situation: {
        "is_active": "on",
        "expected_version": version(world, "account", situation),
    },
    "admin:kernel_apikey_add": _new_key,
    "admin:kernel_apikey_change": lambda world, situation: {"confirmed": "on"},
    "admin:kernel_move_change": lambda world, situation: {"verdict": "confirm"},
    "admin:kernel_apikey_delete": lambda world, situation: {"post": "yes"},
    "admin:kernel_rolegrant_add": _role,
    "admin:kernel_rolegrant_delete": lambda world, situation: {"post": "yes"},
    "admin:kernel_parameterversion_add": _parameter,
    "admin:kernel_parameterversion_change": lambda world, situation: {"verdict": "withdraw", "reason": "不再需要"},
    "admin:risk_reviewcase_conflict": _review({"has_conflict": "no"}),
    "admin:risk_reviewcase_decide": _decision,
}
for rows in module_rows():
    BODIES |= rows.BODIES
# Bodies with a file go as a form whatever the door.
MULTIPART = frozenset(
    {
        "projects:document_add",
        "projects:facility_enter",
        "projects:contract_enter",
        "projects:capital_enter",
        "projects:drawdown_pay",
        "imports:import_upload",
        "risk:identity_propose",
        "api:project-documents",
        "api:client-identity-list",
        "api:client-facility-list",
        "api:project-contract-list",
        "api:contract-capital-list",
        "api:drawdown-pay",
        "api:import-list",
    }
)
QUERIES = {"admin:autocomplete": "app_label=kernel&model_name=rolegrant&field_name=person"}
# Rows that a whole list shows at once only when asked for them all.
WHOLE_LIST = {"admin:risk_reviewcase_changelist": "waiting=all"}


def body_of(name: str, world: World, situation: str) -> dict[str, Any]:
    """What is sent to the route; nothing for one that takes nothing."""
    found = BODIES.get(name)
    return found(world, situation) if found else {}
