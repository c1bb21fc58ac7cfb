"""Cash-flow models: entered by who works on the project, confirmed by another person, changed by a new version."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may, permit
from crm.kernel.access.errors import BadInput, Conflict, Text
from crm.kernel.access.inputs import checked, text_problem
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open
from projects.cashflow.models import CashflowModel
from projects.cashflow.policies import CONFIRM
from projects.cashflow.rules.inputs import MOST_PERIODS
from projects.cashflow.rules.typed import FACT, LINE, MOST_TEXT, MOST_TRANCHES, TRANCHE
from projects.cashflow.selectors import compute, digest_of
from projects.cashflow.workflow import CASHFLOW, hold_project, refuse_held
from projects.deals.models import Project
from projects.deals.policies import CHANGE

LEAST = 5
CONFIRMATION = "cashflow.confirmation"
CONFIRM_TODO = "cashflow.confirm"
LONGEST = 4000
State = CashflowModel.State


@transaction.atomic
def cashflow_create(
    *, project: Project, inputs: Mapping[str, Any] | None = None, by: Person, **facts: Any
) -> CashflowModel:
    """The next version as a draft; `facts` as `CashflowModel.FACTS`. Without `inputs` it begins with what the project
    says: its cost spread over construction, its debt and its repayment. Conflict while another version is open.
    """
    permit(Project, by, CHANGE, pk=project.pk)
    given = _checked_facts(facts)
    held = hold_project(project.pk)
    if (refusal := refuse_held(held)) is not None:
        raise refusal
    typed = _first_inputs(held, given) if inputs is None else _checked_inputs(inputs)
    row = _add(held, given, typed, by=by)
    record("cashflow.created", subject=row, by=by, after=_plain(given), data=_told(row))
    return row


@transaction.atomic
def cashflow_save(
    *,
    model: CashflowModel,
    inputs: Mapping[str, Any],
    expected_version: int | None,
    facts: Mapping[str, Any] | None = None,
    by: Person,
) -> CashflowModel:
    """Replace the inputs, and the facts that are given, and compute. A text that is no figure stays in the draft and
    is named in `problems`; what was checked becomes a draft again. BadInput for what cannot be kept at all.
    """
    move = transition(CASHFLOW, "save", model, expected_version=expected_version, by=by)
    row = move.row
    changes: dict[str, Any] = {"inputs": _checked_inputs(inputs)}
    if facts:
        changes |= _checked_facts({**{name: getattr(row, name) for name in CashflowModel.FACTS}, **facts})
    if by.pk not in row.editors:
        changes["editors"] = [*row.editors, by.pk]
    for name, value in changes.items():
        setattr(row, name, value)
    row = _reopen(move, **changes, **_computed(row))
    move.record(after=_plain(facts or {}), data=_told(row))
    todo_close(kind=CONFIRM_TODO, subject=row, outcome="changed", by=by)
    return row


@transaction.atomic
def cashflow_check(*, model: CashflowModel, expected_version: int | None, by: Person) -> CashflowModel:
    """Submit a draft for confirmation. Conflict while it has problems."""
    move = transition(CASHFLOW, "check", model, expected_version=expected_version, by=by)
    computed = _computed(move.row)
    if computed["problems"]:
        count = len(computed["problems"])
        raise Conflict(
            _("The model cannot be computed yet: %(count)d problems are named on its page.") % {"count": count},
            code="problems",
        )
    row = move.write(checked_by=by, checked_at=clock.now(), **computed)
    move.record(data=_told(row))
    _ask_second_person(row, by=by)
    return row


@transaction.atomic
def cashflow_confirm(*, model: CashflowModel, expected_version: int | None, by: Person) -> CashflowModel:
    """The second person's yes, judged by the levels of today. The version confirmed before is superseded."""
    move = transition(CASHFLOW, "confirm", model, expected_version=expected_version, by=by)
    computed = _computed(move.row)
    if computed["problems"]:
        raise Conflict(_("The model can no longer be computed; return it."), code="problems")
    former = CashflowModel.objects.select_for_update().filter(project=move.row.project_id, state=State.CONFIRMED)
    for one in former:
        one.state = State.SUPERSEDED
        one.version += 1
        one.save(update_fields=["state", "version"])
        record("cashflow.superseded", subject=one, by=by, data=_told(one), evidence=(one,))
    row = move.write(confirmed_by=by, confirmed_at=clock.now(), **computed)
    move.record(data={**_told(row), "digest": digest_of(row)}, evidence=(row,))
    todo_close(kind=CONFIRM_TODO, subject=row, outcome="confirmed", by=by)
    return row


@transaction.atomic
def cashflow_return(*, model: CashflowModel, reason: str, expected_version: int | None, by: Person) -> CashflowModel:
    """The second person's no with a reason: a draft again."""
    move = transition(CASHFLOW, "return", model, expected_version=expected_version, by=by)
    text = _checked_reason(reason)
    row = _reopen(move)
    move.record(data=_told(row), reason=text)
    todo_close(kind=CONFIRM_TODO, subject=row, outcome="returned", by=by)
    return row


@transaction.atomic
def cashflow_copy(*, model: CashflowModel, expected_version: int | None, by: Person) -> CashflowModel:
    """Start the next version with the inputs of a confirmed one, which counts until the new one is confirmed."""
    move = transition(CASHFLOW, "copy", model, expected_version=expected_version, by=by)
    old = move.row
    given = {name: getattr(old, name) for name in CashflowModel.FACTS}
    row = _add(old.project, {**given, "note": ""}, old.inputs, by=by)
    record("cashflow.created", subject=row, by=by, after=_plain(given), data=_told(row))
    return row


@transaction.atomic
def cashflow_discard(*, model: CashflowModel, reason: str, expected_version: int | None, by: Person) -> CashflowModel:
    """Give up a version that nobody has confirmed."""
    move = transition(CASHFLOW, "discard", model, expected_version=expected_version, by=by)
    text = _checked_reason(reason)
    row = move.write(reason=text)
    move.record(data=_told(row), reason=text)
    todo_close(kind=CONFIRM_TODO, subject=row, outcome="void", by=by)
    return row


def _add(project: Project, facts: Mapping[str, Any], inputs: Mapping[str, Any], *, by: Person) -> CashflowModel:
    """The next version of a project whose row is locked."""
    rows = CashflowModel.objects.filter(project=project)
    if rows.filter(state__in=CashflowModel.OPEN).exists():
        raise Conflict(_("Another version of this model is open; finish or discard it first."), code="taken")
    number = (rows.aggregate(most=Max("number"))["most"] or 0) + 1
    row = CashflowModel(project=project, number=number, inputs=inputs, made_by=by, made_at=clock.now(), **facts)
    for name, value in _computed(row).items():
        setattr(row, name, value)
    row.save()
    return row


def _computed(row: CashflowModel) -> dict[str, Any]:
    """What is kept of a computation."""
    found = compute(row)
    least = found.result.get("figures", {}).get("min_dscr", {}).get("value")
    return {
        "problems": [asdict(fault) for fault in found.faults],
        "result": found.result,
        "min_dscr": None if least is None else max(min(Decimal(least), Decimal(10_000_000)), Decimal(-10_000_000)),
        "verdict": found.result.get("tone", ""),
    }


def _told(row: CashflowModel) -> dict[str, Any]:
    least = row.min_dscr
    return {
        "project": row.project_id,
        "number": row.number,
        "min_dscr": None if least is None else f"{least:.4f}",
        "verdict": row.verdict,
        "problems": len(row.problems),
    }


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "inputs"}


def _reopen(move: Transition[CashflowModel], **changes: Any) -> CashflowModel:
    """Write the move to a draft: whoever checked it must do so again."""
    return move.write(checked_by=None, checked_at=None, **changes)


def _checked_reason(reason: str) -> str:
    text = str(checked(CashflowModel, {"reason": reason})["reason"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    return text


def _checked_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """FACTS as they are stored; BadInput with every field that is wrong or contradicts another."""
    given = checked(CashflowModel, facts, allowed=CashflowModel.FACTS)
    errors: dict[str, list[Text]] = {}
    if not 1 <= given["operation"] <= MOST_PERIODS - given["construction"]:
        limit = {"most": MOST_PERIODS}
        errors["operation"] = [_("From 1 period, and at most %(most)d together with construction.") % limit]
    if not 1990 <= given["starts_on"].year <= 2100:
        errors["starts_on"] = [_("A day between 1990 and 2100.")]
    if given.get("contracted_share") is not None and given["revenue_type"] != "contracted_re":
        errors["contracted_share"] = [_("Only for renewable power under contract.")]
    if errors:
        raise BadInput(errors=errors)
    return given


def _checked_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The texts as they are stored, nothing else; BadInput for an unknown name, a text too long or not sound."""
    errors: dict[str, list[Text]] = {}

    def keep(place: str, value: Any, longest: int = MOST_TEXT) -> str:
        text = "" if value is None else str(value).strip()
        if len(text) > longest:
            errors[place] = [_("At most %(limit)d characters.") % {"limit": longest}]
        elif problem := text_problem(text, lines=False):
            errors[place] = [problem]
        return text

    facts = dict(inputs.get("facts") or {})
    lines = dict(inputs.get("lines") or {})
    for name in [*(set(facts) - set(FACT)), *(set(lines) - set(LINE))]:
        errors[name] = [_("There is no such line or assumption.")]
    tranches = list(inputs.get("tranches") or ())
    if len(tranches) > MOST_TRANCHES:
        errors["tranches"] = [_("At most %(most)d tranches.") % {"most": MOST_TRANCHES}]
    found: dict[str, Any] = {
        "facts": {
            name: text
            for name, fact in FACT.items()
            if (text := keep(name, facts.get(name), LONGEST if fact.shape == "percents" else MOST_TEXT))
        },
        "tranches": [
            {
                name: keep(f"tranche.{place}.{name}", row.get(name), LONGEST if name == "shares" else MOST_TEXT)
                for name in TRANCHE
            }
            for place, row in enumerate(tranches[:MOST_TRANCHES])
        ],
        "lines": {},
    }
    for code in LINE:
        if row := lines.get(code):
            cells = [keep(f"{code}.{at}", cell) for at, cell in enumerate(list(row.get("cells") or ())[:MOST_PERIODS])]
            growth = keep(f"{code}.growth", row.get("growth"))
            if any(cells) or growth:
                found["lines"][code] = {"growth": growth, "cells": cells}
    if errors:
        raise BadInput(errors=errors)
    return found


KIND_OF = {"equal_principal": "equal", "equal_payment": "level", "bullet": "bullet"}
WAN = Decimal(10_000)


def _first_inputs(project: Project, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the project says already: its cost over construction, its debt and how it is repaid."""
    cost = project.total_investment
    inputs: dict[str, Any] = {"facts": {}, "tranches": [], "lines": {}}
    if cost:
        share = project.amount / cost * 100
        inputs["facts"]["gearing"] = str(share.quantize(Decimal("0.0001")).normalize())
        periods = max(facts["construction"], 1)
        each = (cost / WAN / periods).quantize(Decimal("0.01"))
        rest = cost / WAN - each * (periods - 1)
        inputs["lines"]["capex"] = {"growth": "", "cells": [*[f"{each:f}"] * (periods - 1), f"{rest.normalize():f}"]}
    if project.currency == "CNY":
        years = project.term_months // 12 * facts["ppy"] - facts["construction"]
        tranche = {
            "name": project.get_repayment_display() or "" if project.repayment else "",
            "share": "100",
            "rate": "" if project.rate_fixed is None else f"{project.rate_fixed.normalize():f}",
            "kind": KIND_OF.get(project.repayment or "", "equal"),
            "periods": str(max(min(years, facts["operation"]), 1)),
        }
        inputs["tranches"].append({name: str(tranche.get(name, ""))[:MOST_TEXT] for name in TRANCHE})
    return inputs


def _ask_second_person(row: CashflowModel, *, by: Person) -> None:
    """A risk assessor who may confirm has it to do, else the nearest head above the client who may."""
    client = row.project.client
    heads = people_with_role(Role.DEPARTMENT_HEAD).annotate(
        place=Value(client.department.path), depth=Length("department__path")
    )
    above = heads.filter(place__startswith=F("department__path")).order_by("-depth", "pk")
    others = people_with_role(Role.RISK_ASSESSOR).order_by("pk")
    owner = next((person for person in chain(others, above) if may(person, CONFIRM, row)), None)
    if owner is None:
        return
    workdays = parameters.value(CONFIRMATION).value["workdays"]
    todo_open(
        kind=CONFIRM_TODO,
        subject=row,
        owner=owner,
        due_on=add_workdays(clock.today(), workdays).date,
        url=row.get_absolute_url(),
        data={"project": row.project.name, "number": row.number},
        by=by,
    )
