"""Trust row 18: a retry is harmless. Every write of the API is sent twice with one `Idempotency-Key`, then with another
body, then by another account.
"""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from crm.tests.assurance import oracle
from crm.tests.assurance.bodies import body_of
from crm.tests.assurance.cells import BY_VERSION, Cell, RolledBack, parameters, routes
from crm.tests.assurance.digest import touched
from crm.tests.assurance.lost_update import EDITS
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.prepared_acts import ROUTES, ready
from crm.tests.assurance.world import World, the_world
from crm.tests.support.people import cast_member
from projects.deals.services import document_add
from projects.deals.tests.factories import text_file
from projects.funding.tests.factories import enter as enter_contract
from projects.funding.tests.factories import release
from projects.servicing.services import plan_refuse
from risk.identity.services import identity_withdraw

ROW = 18
TITLE = "a retry is harmless"
KEY = "order 4711"


@dataclass(frozen=True)
class Write:
    """One write of the API: who sends it, on which row."""

    route: str
    method: str
    situation: str
    actor: str


WRITES = (
    *(Write(edit.route, edit.method, edit.situation, edit.first) for edit in EDITS if edit.route.startswith("api:")),
    Write("api:client-list", "POST", "", "owner"),
    Write("api:client-contact-list", "POST", "own", "owner"),
    Write("api:project-list", "POST", "own", "owner"),
    Write("api:project-documents", "POST", "own", "owner"),
    Write("api:client-grade-list", "POST", "initial", "second_assessor"),
    Write("api:client-scored-grade-list", "POST", "initial", "second_assessor"),
    Write("api:grade-confirm", "POST", "own", "second_assessor"),
    Write("api:grade-reject", "POST", "own", "second_assessor"),
    Write("api:client-identity-list", "POST", "own", "owner"),
    Write("api:identity-change-confirm", "POST", "initial", "head"),
    Write("api:identity-change-reject", "POST", "initial", "head"),
    Write("api:identity-change-withdraw", "POST", "initial", "owner"),
    Write("api:document-sign", "POST", "own", "owner"),
    Write("api:client-credit-limit-list", "POST", "own", "risk_assessor"),
    Write("api:credit-limit-approve", "POST", "own", "second_final_approver"),
    Write("api:credit-limit-decline", "POST", "own", "second_final_approver"),
    Write("api:project-gate-waiver-list", "POST", "own", "owner"),
    Write("api:gate-waiver-grant", "POST", "own", "second_final_approver"),
    Write("api:gate-waiver-decline", "POST", "own", "second_final_approver"),
    Write("api:project-amendment-list", "POST", "approved", "owner"),
    Write("api:review-rehear", "POST", "rejected", "head"),
    Write("api:interaction-list", "POST", "", "owner"),
    Write("api:interaction-note", "POST", "own", "owner"),
    Write("api:interaction-promise", "POST", "own", "owner"),
    Write("api:promise-settle", "POST", "own", "owner"),
    Write("api:request-list", "POST", "own", "owner"),
    Write("api:client-statement-list", "POST", "own", "owner"),
    Write("api:statement-correct", "POST", "own", "owner"),
    Write("api:import-list", "POST", "", "owner"),
    Write("api:import-map", "POST", "own", "owner"),
    Write("api:import-start", "POST", "own", "owner"),
    Write("api:import-stop", "POST", "own", "owner"),
    Write("api:import-undo", "POST", "approved", "owner"),
    Write("api:series-list", "POST", "own", "owner"),
    Write("api:series-detail", "PATCH", "own", "owner"),
    Write("api:series-end", "POST", "own", "owner"),
    Write("api:seriesperiod-arrange", "POST", "own", "owner"),
    Write("api:seriesperiod-explain", "POST", "own", "owner"),
    Write("api:export-list", "POST", "", "owner"),
    Write("api:export-cancel", "POST", "approved", "owner"),
    Write("api:client-facility-list", "POST", "own", "owner"),
    Write("api:facility-confirm", "POST", "own", "head"),
    Write("api:facility-refuse", "POST", "own", "head"),
    Write("api:facility-withdraw", "POST", "own", "owner"),
    Write("api:facility-settle", "POST", "approved", "owner"),
    Write("api:facility-settle-confirm", "POST", "final", "head"),
    Write("api:facility-settle-refuse", "POST", "final", "head"),
    Write("api:facility-balance", "POST", "approved", "steward"),
    Write("api:facility-balance-list", "POST", "approved", "steward"),
    Write("api:project-cashflow-list", "POST", "own", "owner"),
    Write("api:cashflow-copy", "POST", "own", "owner"),
    Write("api:project-contract-list", "POST", "approved", "owner"),
    Write("api:contract-confirm", "POST", "approved", "risk_assessor"),
    Write("api:contract-refuse", "POST", "approved", "risk_assessor"),
    Write("api:drawdown-pay", "POST", "approved", "back_office"),
    Write("api:contract-drawdown-list", "POST", "approved", "owner"),
    Write("api:contract-capital-list", "POST", "approved", "owner"),
    Write("api:capital-confirm", "POST", "approved", "risk_assessor"),
    Write("api:drawdown-release", "POST", "approved", "risk_assessor"),
    Write("api:drawdown-refuse", "POST", "approved", "risk_assessor"),
    Write("api:contract-plan-list", "POST", "approved", "owner"),
    Write("api:contract-repayment-list", "POST", "approved", "back_office"),
    Write("api:plan-confirm", "POST", "approved", "risk_assessor"),
    Write("api:plan-refuse", "POST", "approved", "risk_assessor"),
    Write("api:repayment-reverse", "POST", "approved", "risk_assessor"),
    Write("api:review-prolong", "POST", "approved", "final_approver"),
    Write("api:cover-list", "POST", "", "colleague"),
    Write("api:cover-confirm", "POST", "own", "head"),
    Write("api:cover-refuse", "POST", "own", "head"),
    Write("api:cover-end", "POST", "own", "colleague"),
    Write("api:meeting-list", "POST", "", "committee_secretary"),
    Write("api:hearing-vote", "POST", "voting", "committee_member"),
    Write("api:review-nudge", "POST", "initial", "owner"),
    Write("api:todo-nudge", "POST", "own", "head"),
    Write("api:complaint-list", "POST", "", "owner"),
)


def missing() -> list[str]:
    """Writing routes of the API that are not in WRITES."""
    known = routes()
    api = {name for name, spec in oracle.specs().items() if name.startswith("api:") and set(spec.methods) - {"GET"}}
    return sorted((api & set(known)) - {write.route for write in WRITES})


@contextmanager
def _without_waiting_change(world: World, situation: str) -> Iterator[None]:
    """The client's change of identity that waits is withdrawn first: only one waits at a time."""
    with RolledBack():
        change = world.row("identitychange", situation)
        identity_withdraw(change=change, by=change.proposed_by)
        yield


@contextmanager
def _with_new_report(world: World, situation: str) -> Iterator[None]:
    """The deal has a version of its due-diligence report that nobody signed yet; it is the situation's document."""
    rows = world.situations[situation].rows
    held, project = rows["document"], rows["project"]
    with RolledBack():
        upload = text_file("尽职调查报告.txt", "补充调查后的版本")
        rows["document"] = document_add(project=project, upload=upload, kind="investigation", by=project.owner)
        try:
            yield
        finally:
            rows["document"] = held


@contextmanager
def _with_new_facts(world: World, situation: str) -> Iterator[None]:
    """The rejected deal has a document that came after the rejection."""
    project = world.row("project", situation)
    with RolledBack():
        upload = text_file("购电协议.txt", "长期购电协议")
        document_add(project=project, upload=upload, kind="other", by=project.owner)
        yield


@contextmanager
def _with_new_contract(world: World, situation: str) -> Iterator[None]:
    """The situation's contract is one that waits for its second person."""
    rows = world.situations[situation].rows
    held = rows["contract"]
    with RolledBack():
        rows["contract"] = enter_contract(rows["project"])
        try:
            yield
        finally:
            rows["contract"] = held


@contextmanager
def _with_release(world: World, situation: str) -> Iterator[None]:
    """The draw-down is released."""
    with RolledBack():
        release(world.row("drawdown", situation))
        yield


@contextmanager
def _without_waiting_plan(world: World, situation: str) -> Iterator[None]:
    """The version that waits is declined."""
    with RolledBack():
        plan = world.row("repaymentplan", situation)
        plan_refuse(plan=plan, reason="首期还款日有误", by=cast_member("risk_assessor"))
        yield


PREPARED = {
    "api:contract-plan-list": _without_waiting_plan,
    "api:contract-confirm": _with_new_contract,
    "api:contract-refuse": _with_new_contract,
    "api:drawdown-pay": _with_release,
    "api:review-rehear": _with_new_facts,
    "api:client-identity-list": _without_waiting_change,
    "api:document-sign": _with_new_report,
}


class Sender:
    """Sends one write as often as asked, and looks at the tables in between."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.world = walker, walker.world

    def possible(self, write: Write) -> AbstractContextManager[None]:
        """The row as the act needs it, everything undone at the end."""
        if write.route in PREPARED:
            return PREPARED[write.route](self.world, write.situation)
        return ready(self.world, ROUTES[write.route]) if write.route in ROUTES else RolledBack()

    def prepare(self, write: Write) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Address, body and headers of the write as the row is now."""
        cell = Cell(write.route, write.method, write.actor, write.situation)
        url = self.walker.routes[write.route].url(**parameters(self.world, self.walker.routes[write.route], cell))
        body = body_of(write.route, self.world, write.situation)
        headers: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": KEY}
        if write.situation and (write.method == "PATCH" or write.route.startswith(BY_VERSION)):
            row = self.world.row(oracle.specs()[write.route].model, write.situation)
            headers["HTTP_IF_MATCH"] = f'"{type(row)._default_manager.get(pk=row.pk).version}"'
        return url, body, headers

    def send(self, write: Write, url: str, body: dict[str, Any], headers: dict[str, Any], *, actor: str = "") -> Any:
        """One request."""
        browser = self.world.browsers[actor or write.actor]
        if any(hasattr(value, "read") for value in body.values()):
            for value in body.values():
                if hasattr(value, "seek"):
                    value.seek(0)
            return browser.post(url, body, **headers)
        return browser.generic(write.method, url, json.dumps(body), content_type="application/json", **headers)

    def judge(self, write: Write) -> list[str]:
        """What is not as row 18 promises."""
        with self.possible(write):
            url, body, headers = self.prepare(write)
            first = self.send(write, url, body, headers)
            if first.status_code not in (200, 201):
                return [f"{write.route}: the first got {first.status_code} {first.content.decode()[:200]}"]
            held, start = self.walker.digest.take(), touched()
            again = self.send(write, url, body, headers)
            problems = []
            if (again.status_code, again.content) != (first.status_code, first.content):
                problems.append(f"{write.route}: sent again {again.status_code}, not the first answer")
            if again.headers.get("ETag") != first.headers.get("ETag"):
                problems.append(f"{write.route}: sent again, another ETag")
            other = self.send(write, url, {**body, "another": "x"}, headers)
            if other.status_code != 422:
                problems.append(f"{write.route}: another body with the same key {other.status_code}, not 422")
            lost = self.walker.digest.changed_since(held, start)
            for actor in ("stranger", "visitor"):
                foreign = self.send(write, url, body, headers, actor=actor)
                if foreign.headers.get("Idempotent-Replayed") or foreign.content == first.content:
                    problems.append(f"{write.route}: replayed to {actor}")
        return [*problems, *([f"{write.route}: a retry changed {', '.join(lost)}"] if lost else [])]


def run(full: bool) -> dict[str, Any]:
    """All of them, in both forms. Ten at one moment: `crm/kernel/web/tests/test_retry_at_once.py`."""
    sender = Sender(Walker(the_world(), check_rows=False))
    problems = [problem for write in WRITES for problem in sender.judge(write)]
    left = missing()
    return {
        "target": "one effect, the first answer again; another body 422; never replayed to another account",
        "writes": len(WRITES),
        "missing": left,
        "problems": problems,
        "ok": not problems and not left,
    }
