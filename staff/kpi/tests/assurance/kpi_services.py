"""What row 48 tries by the services: the measured people at their own inputs, and others after the closing."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from clients.file.models import Client
from clients.file.services import client_confirm, client_reassign, client_update, contact_create
from crm.kernel.audit.context import SYSTEM
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.parameters.services import parameter_propose
from crm.kernel.people.models import Department, Person
from crm.kernel.people.services import person_deactivate, person_update
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from projects.deals.models import Project
from projects.deals.services import project_update
from risk.indicators.services import risk_review, warning_close, warning_respond
from risk.reviews.services import decision_make, review_submit, review_withdraw
from risk.reviews.tests.factories import OPINION, approve_all, decide, make_project, submit
from staff.complaints import services as complaints
from staff.complaints.tests.factories import DRAFT, FACTS
from staff.kpi.models import KpiPeriod, KpiResult
from staff.kpi.services import correction_enter, period_close, period_refresh, scheme_propose
from staff.kpi.tests.assurance.kpi_attempts import RULES, Attempt, a_day_in
from staff.kpi.tests.assurance.kpi_world import ANSWER, World
from staff.kpi.tests.factories import ROWS, post


def done(call: Callable[..., Any], **given: Any) -> Callable[[], bool]:
    """The call as an attempt; a refusal is raised by it."""

    def act() -> bool:
        call(**given)
        return True

    return act


def now(row: Any) -> Any:
    """The row as it is."""
    return type(row)._default_manager.get(pk=row.pk)


def of_services(world: World) -> Iterator[Attempt]:
    """All of them, in groups."""
    for group in (of_wing, of_deals, of_complaints, of_warnings, of_clients, of_house):
        yield from group(world)


def of_wing(world: World) -> Iterator[Attempt]:
    """The doors of the KPI itself, by the measured, by finance and by the system."""
    finance = cast_member("finance")
    for period in map(now, world.closed):
        yield Attempt("service: quarter", "computed again", done(period_refresh, period=period, by=SYSTEM))
        for by in (finance, *world.subjects):
            again = done(period_close, period=period, expected_version=period.version, by=by)
            yield Attempt("service: quarter", f"closed again by {by}", again, True)
        for result in KpiResult.objects.filter(period=period).select_related("person"):
            for by in world.subjects:
                given = {"measure": "reviews_returned", "points": "5", "reason": "本人改分，理由从略"}
                yield Attempt(
                    "service: correction", f"by {by}", done(correction_enter, result=result, by=by, **given), True
                )
        for by in (finance, world.subjects[0]):
            backdated = {"post": post(), "effective_from": period.starts_on, "source": "补发办法", "rows": ROWS}
            yield Attempt("service: scheme", f"backdated by {by}", done(scheme_propose, by=by, **backdated), True)
    running = KpiPeriod.objects.get(closed_at__isnull=True)
    early = done(period_close, period=running, expected_version=running.version, by=finance)
    yield Attempt("service: quarter", "the running one closed early", early, True)


def of_deals(world: World) -> Iterator[Attempt]:
    """Decided deals: changed, withdrawn, decided again, submitted again; and facts that come late."""
    for case in map(now, world.cases):
        deal: Project = case.project
        change = {"amount": Decimal("90000000.00")}
        edit = done(project_update, project=deal, expected_version=deal.version, by=deal.owner, **change)
        yield Attempt("service: deal", f"amount of a {deal.status} one", edit)
        back = done(review_withdraw, case=case, expected_version=case.version, reason="撤回重报", by=deal.owner)
        yield Attempt("service: deal", f"{deal.status} withdrawn", back)
        again = done(review_submit, project=deal, expected_version=deal.version, by=deal.owner)
        yield Attempt("service: deal", f"{deal.status} submitted again", again)
        for part in ("initial_reviewer", "final_approver"):
            given = {"verb": "approve", "opinion": OPINION, "expected_version": case.version}
            once_more = done(decision_make, case=case, by=cast_member(part), **given)
            yield Attempt("service: deal", f"{deal.status} decided again by {part}", once_more)

    def late(verb: str) -> None:
        with clock.at(a_day_in(world)):
            case = submit(make_project())
            if verb == "return":
                decide(case, cast_member("initial_reviewer"), verb)
            else:
                approve_all(case)

    for verb in ("return", "approve"):
        yield Attempt("service: fact entered late", verb, done(late, verb=verb))


def of_complaints(world: World) -> Iterator[Attempt]:
    """Complaints of the closed quarter: worked on late, handed over, reopened; one recorded as of then."""
    officer = cast_member("complaints_officer")
    for row in map(now, world.complaints):
        own, version = row.responsible, row.version
        other = next(one for one in world.subjects if one != own)
        acts: list[tuple[str, Any, Any, dict[str, Any]]] = [
            ("acknowledged late", complaints.complaint_acknowledge, own, {"how": "电话告知"}),
            ("drafted late", complaints.complaint_draft, own, dict(DRAFT)),
            ("replied late", complaints.complaint_reply, own, {"how": "电话告知"}),
            ("extended late", complaints.extension_request, own, {"reason": "需向评估机构调取底稿"}),
            ("stopped late", complaints.pause_start, officer, {"reason": "mediation", "note": "双方同意调解"}),
            ("handed over", complaints.complaint_assign, officer, {"person": other}),
            ("handed over by oneself", complaints.complaint_assign, own, {"person": other}),
            ("reopened", complaints.complaint_reopen, officer, {"reason": "投诉人补充了新材料"}),
            ("made major", complaints.complaint_reclassify, officer, {"reason": "媒体已有报道", "is_in_media": True}),
            ("person complained of", complaints.complaint_concern, officer, {"person": own, "reason": "投诉人点名"}),
            (
                "withdrawn as of then",
                complaints.complaint_withdraw,
                officer,
                {"withdrawn_on": row.received_on, "how": "书面撤回"},
            ),
        ]
        for what, call, by, given in acts:
            act = done(call, complaint=row, expected_version=version, by=by, **given)
            yield Attempt("service: complaint", what, act)

        def recorded(by: Person, own: Person) -> None:
            moment = datetime.combine(a_day_in(world) - timedelta(days=30), time(10), tzinfo=clock.SHANGHAI)
            made = complaints.complaint_receive(channel="hotline", received_at=moment, by=by, **FACTS)
            complaints.complaint_assign(complaint=made, person=own, expected_version=made.version, by=officer)

        for by in (officer, own):
            yield Attempt("service: complaint", "recorded as of then", done(recorded, by=by, own=own))


def of_warnings(world: World) -> Iterator[Attempt]:
    """Warnings of the closed quarter: answered late or again, closed; a night as of then."""
    head = cast_member("head")
    for row in map(now, world.warnings):
        own: Person = row.owner
        answer = done(warning_respond, warning=row, response=ANSWER, expected_version=row.version, by=own)
        yield Attempt("service: warning", "answered late", answer)
        for by in (own, head):
            given = {"closing": "核对无误，同意关闭。", "expected_version": row.version}
            yield Attempt("service: warning", "closed", done(warning_close, warning=row, by=by, **given))
    yield Attempt("service: night", "as of the closed quarter", done(risk_review, as_of=a_day_in(world), by=SYSTEM))
    yield Attempt("service: night", "today", done(risk_review, by=SYSTEM))


def of_clients(world: World) -> Iterator[Attempt]:
    """Clients: what the measure of filled fields reads, and who keeps them."""
    keys = {row.client_id for row in world.warnings} | {case.project.client_id for case in world.cases}
    for client in Client.objects.filter(pk__in=keys).order_by("pk"):
        own, version = client.owner, client.version
        other = next(one for one in world.subjects if one != own)
        fill = {"address": "福州市鼓楼区", "legal_representative": "陈明", "size": "large"}
        seen = {"expected_version": version}
        acts: list[tuple[str, Any, Any, dict[str, Any]]] = [
            ("filled by the measured", client_update, own, {"changes": fill, **seen}),
            ("confirmed by the measured", client_confirm, own, {"source": "公示系统", **seen}),
            ("given away by its keeper", client_reassign, own, {"owner": other, **seen}),
            ("given away by the head", client_reassign, cast_member("head"), {"owner": other, **seen}),
            ("contact added", contact_create, own, {"name": "钟启昂", "mobile": "13800006022", "is_primary": True}),
        ]
        for what, call, by, given in acts:
            yield Attempt("service: client", what, done(call, client=client, by=by, **given))


def of_house(world: World) -> Iterator[Attempt]:
    """People moved and deactivated, parameters proposed with a day behind us and ahead."""
    admin = cast_member("system_admin")
    for person in map(now, world.subjects):
        place = Department.objects.exclude(pk=person.department_id).order_by("pk")[0]
        given = {"name": person.name, "department": place, "post": None, "expected_version": person.version}
        yield Attempt("service: person", "moved", done(person_update, person=person, by=admin, **given))
        gone = done(person_deactivate, person=person, reason="离职", expected_version=person.version, by=admin)
        yield Attempt("service: person", "deactivated", gone)
    for code in RULES:
        value = ParameterVersion.objects.filter(parameter__code=code).order_by("-version")[0].value
        for day in (a_day_in(world), clock.today() + timedelta(days=1)):
            given = {"code": code, "value": value, "effective_from": day, "source": "补充通知"}
            yield Attempt("service: parameter", f"{code} from {day}", done(parameter_propose, by=admin, **given))
