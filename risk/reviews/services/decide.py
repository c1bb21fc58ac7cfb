"""The one executor of decisions: lock, version, stage, person, authority, declaration; then write, then move."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clients.standing.services import standing_record
from crm.kernel.access.errors import RuleRefused
from crm.kernel.audit import context
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import AuthorityLevel, Role
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed, told
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from projects.deals.models import Project
from risk.gates.selectors.findings import FIXED
from risk.reviews import orders
from risk.reviews import parameter_codes as codes
from risk.reviews.models import CaseStatus, Condition, Decision, ReturnItem, ReviewCase, Stage
from risk.reviews.orders import Order
from risk.reviews.rules.terms import Terms
from risk.reviews.rules.validity import last_valid_day
from risk.reviews.selectors import authority, dossier, field_names, gates
from risk.reviews.selectors.terms import find_case_ceiling, with_terms
from risk.reviews.services import conditions
from risk.reviews.services.carried_terms import find_terms, require_gap_closed
from risk.reviews.services.decision_conditions import lock_conditions, write_conditions, write_own_conditions
from risk.reviews.services.declare import recuse, require_voice, seat_principal
from risk.reviews.services.locks import Held, lock_case, run_as_one_act
from risk.reviews.services.moves import await_next, give_seat, set_due_day, set_sight
from risk.reviews.subjects import Ending, subject_of
from risk.reviews.workflow import BY_COMMITTEE, ROWS, VERBS, Effect, following


@dataclass
class _Move:
    """What a decision does to its case, gathered by the verb and written once."""

    decision: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""  # for the project, when the round ends
    exposure: Decimal | None = None  # of the client with this project, where it was measured
    terms: Terms | None = None  # what an approval carries
    valid_until: date | None = None  # of the approval


@run_as_one_act
def decision_make(
    *,
    case: ReviewCase,
    verb: str,
    opinion: str,
    expected_version: int | None,
    reason_code: str = "",
    target_stage: str = "",
    return_due_on: date | None = None,
    items: Sequence[str] = (),
    conditions: Sequence[Mapping[str, Any]] = (),
    dropped: Mapping[int, str] | None = None,
    amount: Decimal | None = None,
    term_months: int | None = None,
    draw_months: int | None = None,
    by: Person,
) -> Decision:
    """Decide the present stage of `case` and move it; answer the decision.

    `items`: what must be brought after a return. `conditions`: {text, kind, owner, due_text, due_on, blocking}.
    `dropped`: condition id → reason, for conditions of earlier stages. `amount` (yuan), `term_months`, `draw_months`:
    what an approval carries where that is less than so far.
    404 unseen · 428/412 version · 409 closed, moved on or decided already · 403 not your move, with who can ·
    400 wrong shape · 422 a rule (declaration missing, opinion too short, authority, material change).
    """
    rules = parameters.values(codes.DECISION)
    order = orders.check_order(
        verb=verb,
        opinion=opinion,
        reason_code=reason_code,
        target_stage=target_stage,
        return_due_on=return_due_on,
        items=items,
        conditions=conditions,
        dropped=dropped or {},
        amount=amount,
        term_months=term_months,
        draw_months=draw_months,
        rules=rules,
    )
    held = lock_case("decide", case, by, expected_version=expected_version)
    months = int(rules[codes.LOOKBACK].value)
    held.letter = require_voice(held.case, by, months=months).stand_in
    orders.check_stage(order, held.case)
    if order.row.effect is Effect.LEAVE:
        return recuse(held, order.verb, text=order.opinion, reason_code=order.reason_code, months=months, by=by)
    # The letter may be another than on the day of the declaration.
    seat_principal(held)
    _require_declared(held, by)
    return _decide(held, order, rules, by=by)


def require_votable(held: Held) -> None:
    """Before a vote: nothing changed since the dossier was frozen that would stop an approval of today."""
    _refuse_material_changes(held)
    carried = with_terms(held.proposed, find_case_ceiling(held.case, held.round))
    _refuse_overtaken(held, carried, parameters.values(codes.DECISION))


def decide_by_vote(
    held: Held, *, verb: str, opinion: str, conditions: Sequence[str] = (), items: Sequence[str] = (), by: Person
) -> Decision:
    """Write the result of a vote as the decision of its stage, by the secretary who counted it, and move the case.

    `conditions`: the texts that the votes in favour carry; the account manager answers for them. `items`: what must be
    brought before the second hearing, which follows a new re-check. Conflict when `by` has another seat in the case.
    """
    row = VERBS[verb]
    kind = Condition.Kind.PRECEDENT.value
    rows = [{"text": text, "kind": kind, "owner": None, "blocking": True} for text in conditions]
    back_to = Stage.RECHECK.value if row.effect is Effect.BACK else ""
    reason = BY_COMMITTEE if row.reasons else ""
    order = Order(row, opinion, reason, back_to, items=items, conditions=rows)
    give_seat(held, by, held.case.stage, declared_at=None)
    return _decide(held, order, parameters.values(codes.DECISION), by=by)


def _require_declared(held: Held, by: Person) -> None:
    seat = held.seat_of(by)
    if seat is None or seat.declared_at is None:
        raise RuleRefused(
            _("First declare whether you have a conflict of interest with this client."),
            field="conflict",
            code="not_declared",
        )


def _decide(held: Held, order: Order, rules: dict[str, ParameterValue], *, by: Person) -> Decision:
    case, letter = held.case, held.letter
    plan = _PLANS[order.row.effect](held, order, rules, by)
    kept = lock_conditions(held, order)
    measured = [rules[code].as_stamp() for code in (*codes.AUTHORITY, *codes.TODAY)]
    plan.decision["rule_versions"] = {**plan.decision.get("rule_versions", {}), "rules": measured}
    decision = Decision.objects.create(
        case=case,
        round=case.round,
        stage=case.stage,
        step=case.step,
        verb=order.verb,
        person=by,
        principal_id=letter.principal_id if letter else None,
        cover_id=letter.cover_id if letter else None,
        account_id=context.current().account_id,
        opinion=order.opinion,
        reason_code=order.reason_code,
        dossier_sha256=held.round.dossier_sha256,
        decided_at=clock.now(),
        **plan.decision,
    )
    to_bring = ReturnItem.objects.bulk_create(
        ReturnItem(decision=decision, order=place, text=text) for place, text in enumerate(order.items, start=1)
    )
    write_conditions(decision, order, kept)
    if plan.outcome == CaseStatus.APPROVED and plan.terms is not None:
        require_gap_closed(held, decision, plan.terms, rules)
        write_own_conditions(held, decision)
    came_from = case.stage
    _go(held, order, plan, rules, by=by)
    held.move.record(
        data={
            "verb": order.verb,
            "stage": came_from,
            "step": decision.step,
            "round": case.round,
            "dossier_sha256": decision.dossier_sha256,
            "reason_code": order.reason_code,
            "conditions": len(order.conditions),
            "dropped": sorted(order.dropped),
            **({name: str(value) for name, value in asdict(plan.terms).items()} if plan.terms else {}),
            **({"decided_for": letter.principal_id, "letter_no": letter.letter_no} if letter else {}),
        },
        after={"status": case.status, "stage": case.stage, "required_level": case.required_level},
        evidence=(decision, *to_bring),
    )
    return decision


def _go(held: Held, order: Order, plan: _Move, rules: dict[str, ParameterValue], *, by: Person) -> None:
    """Write the case's new place, then tell the deal and the people it waits for."""
    case = held.case
    if plan.outcome:
        held.move.write(due_on=None, due_provisional=False, waiting_for=[], **plan.case)
        ending = Ending(plan.outcome, plan.terms, plan.valid_until, plan.decision.get("return_due_on"))
        subject_of(case).conclude(held.project, case, ending, by=by)
        if plan.outcome == CaseStatus.APPROVED:
            _tell_standing(held, plan, by)
            if held.has_conditions_to_meet or order.conditions:
                conditions.ask_responsible(case, by=by)
        set_sight(held, [], by=by)
        return
    case.stage = plan.case.get("stage", case.stage)
    calendar = set_due_day(case, rules)
    held.move.write("due_on", "due_provisional", stage_since=clock.now(), **plan.case)
    months = int(rules[codes.LOOKBACK].value)
    await_next(held, months=months, rules=rules, calendar=calendar, by=by)


def _tell_standing(held: Held, plan: _Move, by: Person) -> None:
    """The client's exposure with this deal becomes readable below, for lists and the client page."""
    standing_record(
        client=held.project.client,
        values={"exposure": plan.exposure},
        source=f"review:{held.case.pk}",
        as_of=clock.today(),
        by=by,
    )


def _approve(held: Held, order: Order, rules: dict[str, ParameterValue], by: Person) -> _Move:
    """Forward to the next stage with the terms carried; after the last one the deal is approved with them."""
    case = held.case
    if ROWS[case.stage].by_vote:
        # What had changed was asked before the vote, and the final approver is asked again.
        terms = find_terms(held, order)
        return _Move(decision=asdict(terms), case={"stage": _next_stage(case), "step": case.step}, terms=terms)
    _refuse_material_changes(held)
    terms = find_terms(held, order)
    project = with_terms(held.proposed, terms)
    _refuse_overtaken(held, project, rules)
    further = _next_stage(case)
    if further is not None:
        return _Move(decision=asdict(terms), case={"stage": further, "step": 0}, terms=terms)
    exposure = dossier.read_exposure(project)
    return _Move(
        decision={**asdict(terms), "rule_versions": _authority_now(held, project, exposure, rules, by)},
        terms=terms,
        valid_until=_last_day(project, rules),
        case={"status": CaseStatus.APPROVED, "closed_at": clock.now()},
        outcome="approved",
        exposure=Decimal(exposure["total"]),
    )


def _last_day(project: Project, rules: dict[str, ParameterValue]) -> date:
    """The last day on which the approval of today is valid without a signed contract."""
    fixed = {row["code"] for row in rules["deal.products"].value if row["kind"] == FIXED}
    return last_valid_day(
        clock.today(),
        is_fixed=project.product in fixed,
        own=project.validity_months,
        table=rules[codes.VALIDITY].value,
    )


def _next_stage(case: ReviewCase) -> str | None:
    return following(case.stage, needs_committee=case.needs_committee)


def _refuse_material_changes(held: Held) -> None:
    """What was reviewed must still be so: a material change of the client's facts or grade needs a new dossier."""
    changed = dossier.list_material_changes(held.round, held.project.client)
    if changed:
        raise RuleRefused(
            _("Client details changed since the dossier was frozen: %(fields)s. Return the case first.")
            % {"fields": listed(field_names.format_field(path) for path in changed)},
            field="verb",
            code="material_change",
            details={"fields": changed},
        )


def _refuse_overtaken(held: Held, project: Project, rules: dict[str, ParameterValue]) -> None:
    """The gates must hold on the day of the decision too, and with the terms that are carried (`project`)."""
    is_last = _next_stage(held.case) is None
    documents = dossier.open_dossier(held.round)["documents"] if is_last else None
    failed = gates.list_overtaken(project, rules, documents=documents)
    found = [*(gate.detail for gate in failed), *subject_of(held.case).list_refusals(held.case, held.project)]
    if found:
        raise RuleRefused(
            _("This project cannot be approved today: return the case first. %(why)s") % {"why": told(found)},
            field="verb",
            code="gates_today",
            details={"fields": [gate.field for gate in failed]},
        )


def _authority_now(
    held: Held, project: Project, exposure: dict[str, Any], rules: dict[str, ParameterValue], by: Person
) -> dict[str, Any]:
    """The authority by today's rules, exposure and grade; refused when it has risen above what `by` covers."""
    found = authority.find_authority(project, exposure, rules)
    is_skipped = found.needs_committee and not held.case.needs_committee
    if found.level > held.case.required_level and (is_skipped or not _covers(held, by, found.level)):
        raise RuleRefused(
            _("With today's figures this project needs the %(level)s: return the case. %(why)s")
            % {"level": authority.format_level(found.level), "why": told(authority.format_reasons(found.as_data()))},
            field="verb",
            code="authority_risen",
        )
    if held.letter is not None and held.letter.reach is not None and found.exposure > held.letter.reach:
        raise RuleRefused(
            _("Your letter covers %(reach)s; with today's figures the exposure is %(exposure)s.")
            % {
                "reach": numbers.money_auto(held.letter.reach),
                "exposure": numbers.money_auto(found.exposure),
            },
            field="verb",
            code="above_the_letter",
        )
    return authority.describe_authority(found, rules)


def _covers(held: Held, by: Person, level: int) -> bool:
    """Whether the authority that counts, as it is granted today, reaches the level: of who is covered, else of `by`."""
    whose = held.letter.principal_id if held.letter else by.pk
    granted = RoleGrant.objects.in_force().filter(person_id=whose, role=Role.FINAL_APPROVER)
    return granted.filter(authority_level__gte=level).exists()


def _return(held: Held, order: Order, rules: dict[str, ParameterValue], by: Person) -> _Move:
    """Back to the makers; the next round starts at the target if they change nothing."""
    until = order.return_due_on
    if until is None:
        until = add_workdays(clock.today(), int(rules["review.return_workdays"].value)).date
    return _Move(
        decision={"target_stage": order.target_stage, "return_due_on": until},
        case={"status": CaseStatus.RETURNED},
        outcome="returned",
    )


def _reject(held: Held, order: Order, rules: dict[str, ParameterValue], by: Person) -> _Move:
    """The end of the case."""
    return _Move(case={"status": CaseStatus.REJECTED, "closed_at": clock.now()}, outcome="rejected")


def _escalate(held: Held, order: Order, rules: dict[str, ParameterValue], by: Person) -> _Move:
    """To the next level of final authority: at the same stage, or through the committee where it decides after it."""
    case = held.case
    level = case.required_level + 1
    if level >= AuthorityLevel.BOARD:
        raise RuleRefused(authority.format_board_refusal(), field="verb", code="board")
    reason = {"code": "escalated", "figures": {"level": case.required_level, "reason": order.opinion}}
    to_committee = authority.needs_committee(level, rules)
    stage = Stage.COMMITTEE.value if to_committee else case.stage
    reasons = [*case.authority.get("reasons", []), reason]
    grown = {**case.authority, "level": level, "needs_committee": to_committee, "reasons": reasons}
    return _Move(case={"stage": stage, "step": case.step + 1, "required_level": level, "authority": grown})


_PLANS = {
    Effect.FORWARD: _approve,
    Effect.BACK: _return,
    Effect.END: _reject,
    Effect.UP: _escalate,
}
