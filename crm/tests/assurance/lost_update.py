"""Trust row 17: no update is lost. Two editors on every form and API resource that edits; a write without version."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from crm.tests.assurance import oracle
from crm.tests.assurance.bodies import BODIES, body_of
from crm.tests.assurance.cells import BY_VERSION, Answer, Cell, RolledBack, answer_of, parameters, routes
from crm.tests.assurance.digest import touched
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.prepared_acts import ROUTES, ready
from crm.tests.assurance.world import the_world

ROW = 17
TITLE = "no update is lost"
# Writes that edit nothing another person could have edited meanwhile, each with its reason.
NOT_EDITS = {
    "password_change": "one's own, asks for the old one",
    "web:theme": "one's own preference",
    "web:density": "one's own preference",
    "web:language": "one's own preference",
    "web:columns": "one's own preference",
    "web:saved_views": "adds one name to a set, under the row's lock",
    "clients:client_create": "a new row",
    "clients:code_check": "asks, writes nothing but the count",
    "clients:co_managers": "adds one name to a set",
    "clients:co_manager_remove": "takes one name out of a set",
    "clients:identity_reveal": "reads",
    "clients:contact_create": "a new row",
    "clients:contact_reveal": "reads",
    "projects:project_create": "a new row",
    "projects:document_add": "a new row; an older version is replaced by name once only",
    "projects:document_sign": "a new row, once for each person and version",
    "api:document-sign": "a new row, once for each person and version",
    "risk:meeting_new": "a new row",
    "api:meeting-list": "a new row",
    "risk:hearing_vote": "a new row, once for each member",
    "api:hearing-vote": "a new row, once for each member",
    "risk:gate_waiver_ask": "a new row; an open one is replaced by name",
    "risk:gate_waiver": "a state that moves once: a second word is 409",
    "api:project-gate-waiver-list": "a new row; an open one is replaced by name",
    "api:gate-waiver-grant": "a state that moves once: a second word is 409",
    "api:gate-waiver-decline": "a state that moves once: a second word is 409",
    "risk:rating_create": "a new row, one waiting per client",
    "risk:limit_propose": "a new row; one that waits is replaced by name",
    "api:client-credit-limit-list": "a new row; one that waits is replaced by name",
    "risk:limit_detail": "a state that moves once: a second word is 409",
    "api:credit-limit-approve": "a state that moves once: a second word is 409",
    "api:credit-limit-decline": "a state that moves once: a second word is 409",
    "clients:calendar_feed": "one's own; a new one ends the former",
    "risk:rating_score": "a new row, one waiting per client",
    "risk:identity_propose": "a new row, one waiting per client; a stale version is refused",
    "risk:identity_change": "a state that moves once: a second word is 409",
    "risk:identity_withdraw": "a state that moves once: a second word is 409",
    "api:client-identity-list": "a new row, one waiting per client; a stale version is refused",
    "api:identity-change-confirm": "a state that moves once: a second word is 409",
    "api:identity-change-reject": "a state that moves once: a second word is 409",
    "api:identity-change-withdraw": "a state that moves once: a second word is 409",
    "risk:rating_confirm": "a state that moves once: a second word is 409",
    "clients:interaction_create": "a new row",
    "clients:interaction_note": "a new row",
    "clients:interaction_promise": "a new row",
    "clients:promise_settle": "a state that moves once: a second word is 409",
    "clients:request_create": "a new row",
    "api:request-list": "a new row",
    "clients:statement_create": "a new row",
    "clients:statement_correct": "a new row",
    "api:client-statement-list": "a new row",
    "api:statement-correct": "a new row",
    "api:interaction-list": "a new row",
    "api:interaction-note": "a new row",
    "api:interaction-promise": "a new row",
    "api:promise-settle": "a state that moves once: a second word is 409",
    "imports:import_upload": "a new row",
    "api:import-list": "a new row",
    "imports:import_map": "a state that moves once; a stale version is refused",
    "imports:import_start": "a state that moves once; a stale version is refused",
    "imports:import_cancel": "a state that moves once; a stale version is refused",
    "imports:import_undo": "a state that moves once; a stale version is refused",
    "api:import-map": "a state that moves once; a stale version is refused",
    "api:import-start": "a state that moves once; a stale version is refused",
    "api:import-stop": "a state that moves once; a stale version is refused",
    "api:import-undo": "a state that moves once; a stale version is refused",
    "key_revoke": "an end that comes once",
    "exports:export_order": "a new row",
    "api:export-list": "a new row",
    "exports:export_cancel": "a state that moves once; a stale version is refused",
    "api:export-cancel": "a state that moves once; a stale version is refused",
    "projects:facility_enter": "a new row, once for each contract number",
    "projects:facility_detail": "a state that moves once: a second word is 409",
    "projects:facility_withdraw": "a state that moves once: a second word is 409",
    "projects:facility_settle": "a state that moves once: a second word is 409",
    "projects:facility_tell": "a new row; of one day the last told counts",
    "api:client-facility-list": "a new row, once for each contract number",
    "api:facility-confirm": "a state that moves once: a second word is 409",
    "api:facility-refuse": "a state that moves once: a second word is 409",
    "api:facility-withdraw": "a state that moves once: a second word is 409",
    "api:facility-settle": "a state that moves once: a second word is 409",
    "api:facility-settle-confirm": "a state that moves once: a second word is 409",
    "api:facility-settle-refuse": "a state that moves once: a second word is 409",
    "api:facility-balance": "a new row; of one day the last told counts",
    "api:facility-balance-list": "new rows; of one day the last told counts",
    "projects:cashflow_create": "a new row, one open at a time",
    "projects:cashflow_copy": "a new row, one open at a time",
    "api:project-cashflow-list": "a new row, one open at a time",
    "api:cashflow-copy": "a new row, one open at a time",
    "projects:contract_enter": "a new row, once for each project",
    "projects:contract_detail": "a state that moves once: a second word is 409",
    "projects:capital_enter": "a new row, once for each voucher",
    "projects:capital_confirm": "a state that moves once: a second word is 409",
    "projects:drawdown_request": "a new row; an invoice is paid once",
    "projects:drawdown_detail": "a state that moves once: a second word is 409",
    "projects:drawdown_pay": "a state that moves once: a second word is 409",
    "api:project-contract-list": "a new row, once for each project",
    "api:contract-confirm": "a state that moves once: a second word is 409",
    "api:contract-refuse": "a state that moves once: a second word is 409",
    "api:contract-capital-list": "a new row, once for each voucher",
    "api:contract-drawdown-list": "a new row; an invoice is paid once",
    "api:capital-confirm": "a state that moves once: a second word is 409",
    "api:drawdown-release": "a state that moves once: a second word is 409",
    "api:drawdown-refuse": "a state that moves once: a second word is 409",
    "api:drawdown-pay": "a state that moves once: a second word is 409",
    "projects:series_create": "a new row, one running of a kind",
    "projects:period_arrange": "a state that moves once: a second meeting is 409",
    "projects:period_explain": "a state that moves once: a second word is 409",
    "api:series-list": "a new row, one running of a kind",
    "api:seriesperiod-arrange": "a state that moves once: a second meeting is 409",
    "api:seriesperiod-explain": "a state that moves once: a second word is 409",
    "projects:plan_lay": "a new row, one that waits at a time",
    "projects:plan_detail": "a state that moves once: a second word is 409",
    "projects:repayment_book": "a new row, once for each bank reference",
    "projects:repayment_reverse": "a state that moves once: a second word is 409",
    "api:contract-plan-list": "a new row, one that waits at a time",
    "api:contract-repayment-list": "a new row, once for each bank reference",
    "api:plan-confirm": "a state that moves once: a second word is 409",
    "api:plan-refuse": "a state that moves once: a second word is 409",
    "api:repayment-reverse": "a state that moves once: a second word is 409",
    "cover:cover_ask": "a new row, none beside it on its days",
    "cover:cover_detail": "a state that moves once: a second word is 409",
    "cover:cover_end": "a state that moves once: a second word is 409",
    "api:cover-list": "a new row, none beside it on its days",
    "api:cover-confirm": "a state that moves once: a second word is 409",
    "api:cover-refuse": "a state that moves once: a second word is 409",
    "api:cover-end": "a state that moves once: a second word is 409",
    "staff:kpi_correct": "a new row",
    "staff:kpi_scheme_create": "a new row, one waiting per post",
    "api:client-list": "a new row",
    "api:client-contact-list": "a new row",
    "api:project-list": "a new row",
    "api:project-documents": "a new row",
    "api:client-grade-list": "a new row, one waiting per client",
    "api:client-scored-grade-list": "a new row, one waiting per client",
    "api:grade-confirm": "a state that moves once: a second word is 409",
    "api:grade-reject": "a state that moves once: a second word is 409",
    "risk:review_rehear": "a case is heard again once: a second word is 409",
    "api:review-rehear": "a case is heard again once: a second word is 409",
    "risk:amendment_ask": "a new case; a second while it is open is 409",
    "api:project-amendment-list": "a new case; a second while it is open is 409",
    "risk:review_prolong": "an approval is prolonged once: a second word is 409",
    "api:review-prolong": "an approval is prolonged once: a second word is 409",
    "risk:review_nudge": "a poke, one a working day",
    "api:review-nudge": "a poke, one a working day",
    "worklist:todo_nudge": "a poke, one a day",
    "api:todo-nudge": "a poke, one a day",
    "notify:notices_read": "one's own",
    "notify:preferences": "one's own",
    "admin:kernel_dueitem_redeliver": "a state that moves once: a second try is 409",
    "staff:complaint_receive": "a new row",
    "api:complaint-list": "a new row",
    "staff:complaint_reveal": "reads",
    "staff:relation_declare": "a new row",
    "staff:relation_end": "one's own, and moves once",
}


@dataclass(frozen=True)
class Edit:
    """One form or resource: who edits first, who comes second with the old version, on which row."""

    route: str
    method: str
    situation: str
    first: str
    second: str


EDITS = (
    Edit("clients:client_update", "POST", "own", "owner", "co_manager"),
    Edit("clients:client_reassign", "POST", "own", "head", "head"),
    Edit("clients:contact_update", "POST", "own", "owner", "co_manager"),
    Edit("clients:contact_delete", "POST", "own", "owner", "co_manager"),
    Edit("clients:client_confirm", "POST", "own", "owner", "co_manager"),
    Edit("api:client-confirm", "POST", "own", "owner", "co_manager"),
    Edit("api:contact-remove", "POST", "own", "owner", "co_manager"),
    Edit("clients:interaction_correct", "POST", "own", "owner", "owner"),
    Edit("clients:interaction_hold", "POST", "own", "owner", "co_manager"),
    Edit("clients:interaction_cancel", "POST", "own", "owner", "co_manager"),
    Edit("clients:interaction_minutes", "POST", "own", "owner", "co_manager"),
    Edit("api:interaction-detail", "PATCH", "own", "owner", "owner"),
    Edit("api:interaction-hold", "POST", "own", "owner", "co_manager"),
    Edit("api:interaction-cancel", "POST", "own", "owner", "co_manager"),
    Edit("api:interaction-minutes", "POST", "own", "owner", "co_manager"),
    Edit("projects:series_update", "POST", "own", "owner", "co_manager"),
    Edit("projects:series_end", "POST", "own", "owner", "co_manager"),
    Edit("api:series-detail", "PATCH", "own", "owner", "co_manager"),
    Edit("api:series-end", "POST", "own", "owner", "co_manager"),
    Edit("clients:request_take", "POST", "own", "owner", "co_manager"),
    Edit("clients:request_assign", "POST", "own", "owner", "co_manager"),
    Edit("clients:request_answer", "POST", "own", "owner", "co_manager"),
    Edit("clients:request_solve", "POST", "own", "owner", "co_manager"),
    Edit("clients:request_close", "POST", "own", "owner", "co_manager"),
    Edit("clients:request_reopen", "POST", "own", "owner", "co_manager"),
    Edit("clients:request_promise", "POST", "own", "owner", "co_manager"),
    Edit("api:request-take", "POST", "own", "owner", "co_manager"),
    Edit("api:request-assign", "POST", "own", "owner", "co_manager"),
    Edit("api:request-reply", "POST", "own", "owner", "co_manager"),
    Edit("api:request-solve", "POST", "own", "owner", "co_manager"),
    Edit("api:request-close", "POST", "own", "owner", "co_manager"),
    Edit("api:request-reopen", "POST", "own", "owner", "co_manager"),
    Edit("api:request-promise", "POST", "own", "owner", "co_manager"),
    Edit("clients:statement_edit", "POST", "own", "owner", "co_manager"),
    Edit("clients:statement_check", "POST", "own", "owner", "co_manager"),
    Edit("clients:statement_discard", "POST", "own", "owner", "co_manager"),
    Edit("clients:statement_detail", "POST", "own", "head", "risk_assessor"),
    Edit("clients:statement_void", "POST", "own", "head", "risk_assessor"),
    Edit("api:statement-figures", "POST", "own", "owner", "co_manager"),
    Edit("api:statement-check", "POST", "own", "owner", "co_manager"),
    Edit("api:statement-confirm", "POST", "own", "head", "risk_assessor"),
    Edit("api:statement-send-back", "POST", "own", "head", "risk_assessor"),
    Edit("api:statement-void", "POST", "own", "head", "risk_assessor"),
    Edit("projects:cashflow_edit", "POST", "own", "owner", "co_manager"),
    Edit("projects:cashflow_check", "POST", "own", "owner", "co_manager"),
    Edit("projects:cashflow_discard", "POST", "own", "owner", "co_manager"),
    Edit("projects:cashflow_detail", "POST", "own", "head", "risk_assessor"),
    Edit("api:cashflow-figures", "POST", "own", "owner", "co_manager"),
    Edit("api:cashflow-check", "POST", "own", "owner", "co_manager"),
    Edit("api:cashflow-discard", "POST", "own", "owner", "co_manager"),
    Edit("api:cashflow-confirm", "POST", "own", "head", "risk_assessor"),
    Edit("api:cashflow-send-back", "POST", "own", "head", "risk_assessor"),
    Edit("risk:warning_respond", "POST", "own", "owner", "co_manager"),
    Edit("risk:warning_close", "POST", "team", "head", "risk_assessor"),
    Edit("api:warning-respond", "POST", "own", "owner", "co_manager"),
    Edit("api:warning-close", "POST", "team", "head", "risk_assessor"),
    Edit("risk:condition_report", "POST", "approved", "owner", "owner"),
    Edit("risk:condition_settle", "POST", "approved", "head", "risk_assessor"),
    Edit("api:condition-report", "POST", "approved", "owner", "owner"),
    Edit("api:condition-settle", "POST", "approved", "head", "risk_assessor"),
    Edit("projects:project_update", "POST", "own", "owner", "assistant"),
    Edit("projects:project_withdraw", "POST", "own", "owner", "owner"),
    Edit("projects:document_remove", "POST", "own", "owner", "assistant"),
    Edit("risk:review_submit", "POST", "own", "owner", "assistant"),
    Edit("risk:review_conflict", "POST", "initial", "initial_reviewer", "second_initial_reviewer"),
    Edit("risk:review_decide", "POST", "initial", "initial_reviewer", "second_initial_reviewer"),
    Edit("risk:review_withdraw", "POST", "initial", "owner", "assistant"),
    *(
        Edit(f"{face}{act}", "POST", situation, "committee_secretary", "committee_secretary")
        for face, act, situation in (
            ("risk:", "meeting_agenda", "no_case"),
            ("risk:", "meeting_close", "no_case"),
            ("risk:", "hearing_open", "listed"),
            ("risk:", "hearing_remove", "listed"),
            ("risk:", "hearing_close", "voted"),
            ("api:", "meeting-agenda", "no_case"),
            ("api:", "meeting-close", "no_case"),
            ("api:", "hearing-open", "listed"),
            ("api:", "hearing-remove", "listed"),
            ("api:", "hearing-close", "voted"),
        )
    ),
    Edit("staff:kpi_close", "POST", "any", "finance", "finance"),
    Edit("staff:kpi_scheme", "POST", "any", "final_approver", "second_final_approver"),
    Edit("admin:risk_reviewcase_conflict", "POST", "initial", "initial_reviewer", "second_initial_reviewer"),
    Edit("admin:risk_reviewcase_decide", "POST", "initial", "initial_reviewer", "second_initial_reviewer"),
    Edit("admin:kernel_person_change", "POST", "any", "system_admin", "second_system_admin"),
    Edit("admin:kernel_department_change", "POST", "any", "system_admin", "second_system_admin"),
    *(
        Edit(route, "POST", situation, first, second)
        for act, situation, first, second in (
            ("acknowledge", "own", "colleague", "colleague"),
            ("assign", "own", "head", "complaints_officer"),
            ("review", "blamed", "final_approver", "second_final_approver"),
            ("reply", "own", "colleague", "colleague"),
            ("close", "own", "head", "complaints_officer"),
            ("reopen", "own", "head", "complaints_officer"),
            ("tell_extension", "own", "colleague", "colleague"),
            ("pause", "own", "head", "complaints_officer"),
            ("draft", "own", "colleague", "colleague"),
            ("concern", "own", "colleague", "head"),
            ("ask_recheck", "own", "colleague", "head"),
            ("decide_recheck", "own", "head", "complaints_officer"),
            ("withdraw", "own", "head", "complaints_officer"),
            ("correct", "own", "head", "complaints_officer"),
            ("decide_claim", "own", "head", "complaints_officer"),
            ("unconcern", "own", "colleague", "head"),
            ("reclassify", "own", "head", "complaints_officer"),
            ("decide_extension", "own", "head", "complaints_officer"),
            ("resume", "other", "other_head", "complaints_officer"),
            ("extend", "blamed", "complaints_officer", "complaints_officer"),
        )
        for route in (f"staff:complaint_{act}", f"api:complaint-{act.replace('_', '-')}")
    ),
    Edit("api:client-detail", "PATCH", "own", "owner", "co_manager"),
    Edit("api:contact-detail", "PATCH", "own", "owner", "co_manager"),
    Edit("api:project-detail", "PATCH", "own", "owner", "assistant"),
    Edit("api:project-withdraw", "POST", "own", "owner", "owner"),
    Edit("api:project-review-submit", "POST", "own", "owner", "assistant"),
    Edit("api:review-conflict", "POST", "initial", "initial_reviewer", "second_initial_reviewer"),
    Edit("api:review-decisions", "POST", "initial", "initial_reviewer", "second_initial_reviewer"),
    Edit("api:review-withdraw", "POST", "initial", "owner", "assistant"),
)


def unclassified() -> list[str]:
    """Writing routes of the oracle that are neither an edit nor excused."""
    known = routes()
    writing = {
        name
        for name, spec in oracle.specs().items()
        if not spec.admin and set(spec.methods) - {"GET"} and name in known
    }
    return sorted(writing - {edit.route for edit in EDITS} - set(NOT_EDITS))


class Editors:
    """Sends edits and looks at the tables in between."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.world = walker, walker.world

    def send(self, edit: Edit, actor: str, *, version: int | None, turn: int) -> Answer:
        """One write; `version` None leaves it out, `turn` makes the two writers' bodies differ."""
        cell = Cell(edit.route, edit.method, actor, edit.situation)
        route = self.walker.routes[edit.route]
        url = route.url(**parameters(self.world, route, cell))
        body = with_turn(body_of(edit.route, self.world, edit.situation), turn)
        for name in ("version", "expected_version"):
            if name in body:
                body[name] = version
                if version is None:
                    del body[name]
        browser = self.world.browsers[actor]
        extra: dict[str, Any] = {}
        if edit.route.startswith("api:"):
            if (edit.method == "PATCH" or edit.route.startswith(BY_VERSION)) and version is not None:
                extra["HTTP_IF_MATCH"] = f'"{version}"'
            sent = browser.generic(edit.method, url, json.dumps(body), content_type="application/json", **extra)
        else:
            sent = browser.post(url, body)
        return answer_of(sent, cell)

    def version_now(self, edit: Edit) -> int:
        """The version the first editor sees; documents carry their deal's."""
        word = oracle.specs()[edit.route].model
        row = self.world.row("project" if word == "document" else word, edit.situation)
        return int(type(row)._default_manager.get(pk=row.pk).version)

    def possible(self, edit: Edit) -> AbstractContextManager[None]:
        """The row as the act needs it, everything undone at the end."""
        return ready(self.world, ROUTES[edit.route]) if edit.route in ROUTES else RolledBack()

    def judge(self, edit: Edit) -> list[str]:
        """Two editors with one version; then a write without one."""
        problems = []
        with self.possible(edit):
            version = self.version_now(edit)
            first = self.send(edit, edit.first, version=version, turn=1)
            if first.outcome != "ok":
                return [f"{edit.route}: the first writer got {first.status}"]
            if "conflict" in edit.route:
                # A declaration without a conflict does not move the case: any other version is as wrong as an old one.
                version += 7
            held, start = self.walker.digest.take(), touched()
            second = self.send(edit, edit.second, version=version, turn=2)
            lost = self.walker.digest.changed_since(held, start)
        gone = edit.route in ("clients:contact_delete", "api:contact-remove") and second.status == 404
        if second.status not in stale_statuses(edit) and not gone:
            problems.append(f"{edit.route}: the second writer got {second.status}, not 412")
        if lost:
            problems.append(f"{edit.route}: the stale write changed {', '.join(lost)}")
        return problems + self.judge_without(edit)

    def judge_without(self, edit: Edit) -> list[str]:
        """A write that names no version is 428 and changes nothing."""
        with self.possible(edit):
            held, start = self.walker.digest.take(), touched()
            answer = self.send(edit, edit.first, version=None, turn=1)
            lost = self.walker.digest.changed_since(held, start)
        problems = [] if answer.status == 428 else [f"{edit.route}: without a version {answer.status}, not 428"]
        return [*problems, *([f"{edit.route}: without a version it changed {', '.join(lost)}"] if lost else [])]


def stale_statuses(edit: Edit) -> tuple[int, ...]:
    """A case that moved on says so before it says how far (409); to whom it no longer waits for it is gone (404).

    The move of a department waits for a second person and leaves its version; while one waits, another is 409.
    """
    if "review" in edit.route:
        return (412, 409, 404)
    if edit.route == "admin:kernel_department_change":
        return (409,)
    return (412, 409) if edit.route in ROUTES else (412,)


def with_turn(body: dict[str, Any], turn: int) -> dict[str, Any]:
    """The body with one text of its own for each writer."""
    for name in ("address", "purpose", "name", "opinion", "note", "reason"):
        if name in body:
            return {**body, name: f"{body[name]}{turn}"}
    return body


def run(full: bool) -> dict[str, Any]:
    """All of them, in both forms."""
    editors = Editors(Walker(the_world(), check_rows=False))
    known = routes()
    missing = [edit.route for edit in EDITS if edit.route not in known]
    problems = [problem for edit in EDITS if edit.route in known for problem in editors.judge(edit)]
    left = unclassified()
    return {
        "target": "0 silent overwrites; stale 412, no version 428, on every form and resource that edits a row",
        "edits": len(EDITS),
        "not_edits": len(NOT_EDITS),
        "unclassified": left,
        "missing_routes": missing,
        "without_body": sorted(edit.route for edit in EDITS if edit.route not in BODIES),
        "problems": problems,
        "ok": not (problems or left or missing),
    }
