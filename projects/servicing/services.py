"""Repayment plans and repayments: a plan is laid by one and confirmed by another; what came in is booked once by its
bank reference and covers what is owed; a wrong one is reversed by a second person.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Max, Model, Sum
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may, permit
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open
from projects.funding.models import Contract
from projects.funding.policies import BOOK
from projects.funding.services import tell_balance
from projects.funding.workflow import CONTRACT, hold_contract
from projects.servicing import selectors
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan
from projects.servicing.policies import CONFIRM
from projects.servicing.rules.ledger import Ledger
from projects.servicing.rules.plan import Instalment as Planned
from projects.servicing.rules.plan import due_days, interest_for, plan_repayment
from projects.servicing.rules.terms import kinds_for
from projects.servicing.workflow import PLAN, REPAYMENT

LEAST = 5
MOST_ROWS = 480
DAY, LONGEST_BREAK = timedelta(days=1), timedelta(days=40)
CHECKING = "servicing.checking"
CHECK_TODO = "plan.check"
Kind = RepaymentPlan.Kind


@transaction.atomic
def plan_lay(
    *,
    contract: Contract,
    kind: str,
    first_due_on: date | None = None,
    months: int = 3,
    grace: int = 0,
    rows: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    by: Person,
) -> RepaymentPlan:
    """Lay the plan of what is not yet due; a second person must confirm it.

    `first_due_on`, `months`, `grace`: days every `months` until the maturity, the first `grace` of them interest
    alone. Of a custom plan `rows` instead: `due_on` and `principal`, which sum to the amount. BadInput names what is
    wrong with field and figure, RuleRefused a kind that the contract does not have.
    """
    row = transition(CONTRACT, "plan", contract, by=by).row
    given = checked(RepaymentPlan, {"kind": kind, "months": months, "grace": grace, "note": note})
    if RepaymentPlan.objects.filter(contract=row, state=RepaymentPlan.State.PREPARED).exists():
        raise Conflict(_("A plan of this contract waits for its second person already."), code="taken")
    if given["kind"] not in kinds_for(row.repayment):
        text = _("The contract says: %(kind)s.") % {"kind": row.get_repayment_display()}
        raise RuleRefused(errors={"kind": [text]}, code="above_contract")
    amount, since, after = _base(row)
    planned = (
        _read_custom(rows, amount, since, after, row)
        if given["kind"] == Kind.CUSTOM
        else _plan(given, amount, since, after, first_due_on, row)
    )
    last = RepaymentPlan.objects.filter(contract=row).aggregate(last=Max("version"))["last"] or 0
    if last and len(given["note"]) < LEAST and _in_force(row) is not None:
        raise BadInput(
            _("Say why the plan changes, in at least %(least)d characters.") % {"least": LEAST}, field="note"
        )
    plan = RepaymentPlan.objects.create(
        contract=row, version=last + 1, amount=amount, starts_on=since, prepared_by=by, prepared_at=clock.now(), **given
    )
    instalments = _write_instalments(plan, planned)
    data = {"contract": row.number, "amount": amount, "instalments": len(instalments)}
    record("plan.laid", subject=plan, by=by, after=given, data=data, evidence=(plan, *instalments))
    _ask(plan, row, by=by)
    return plan


@transaction.atomic
def plan_confirm(*, plan: RepaymentPlan, by: Person) -> RepaymentPlan:
    """The second person's yes: the plan is in force; what the version before it made due by today stays due."""
    held = transition(PLAN, "confirm", plan, by=by)
    row = held.row
    row.contract = hold_contract(row.contract_id)
    amount, _since, after = _base(row.contract)
    days = list(row.instalments.order_by("due_on").values_list("due_on", flat=True))
    if amount != row.amount or days[0] <= after:
        raise Conflict(
            _("Since the plan was laid, something was paid or fell due: decline it and have it laid anew."),
            code="changed",
        )
    former = _in_force(row.contract)
    if former is not None:
        former.state = RepaymentPlan.State.REPLACED
        former.save(update_fields=["state"])
        former.instalments.filter(due_on__gt=clock.today()).update(is_current=False)
        record("plan.replaced", subject=former, by=by, data={"contract": row.contract.number}, evidence=(former,))
    held.write(checked_by=by, checked_at=clock.now())
    row.instalments.update(is_current=True)
    held.record(data={"contract": row.contract.number}, evidence=(row,))
    todo_close(kind=CHECK_TODO, subject=row, outcome=row.state, by=by)
    _count_anew(row.contract)
    return row


@transaction.atomic
def plan_refuse(*, plan: RepaymentPlan, reason: str, by: Person) -> RepaymentPlan:
    """The second person's no, with a reason: another plan may be laid."""
    held = transition(PLAN, "refuse", plan, by=by)
    text = _reason(RepaymentPlan, "declined_reason", reason)
    row = held.write(checked_by=by, checked_at=clock.now(), declined_reason=text)
    held.record(data={"contract": row.contract.number}, reason=text, evidence=(row,))
    todo_close(kind=CHECK_TODO, subject=row, outcome=row.state, by=by)
    return row


@transaction.atomic
def repayment_book(
    *,
    contract: Contract,
    reference: str,
    amount: Decimal,
    value_date: date,
    is_prepayment: bool = False,
    by: Person,
) -> Repayment:
    """Book what came in, by the bank's reference; twice the same changes nothing.

    It covers what was owed on its value date (rules-2 8.7); back-dated, later payments are allocated anew by lines of
    today. BadInput for the future, a day before the contract, or a reference taken by something else; RuleRefused with
    the figure for more than is owed, and for what is not yet due unless `is_prepayment`.
    """
    permit(Contract, by, BOOK, pk=contract.pk)
    given = checked(
        Repayment,
        {"reference": reference, "amount": amount, "value_date": value_date, "is_prepayment": is_prepayment},
    )
    row = transition(CONTRACT, "book", contract, by=by).row
    known = Repayment.objects.filter(reference=given["reference"]).first()
    if known is not None:
        return _same(known, row, given)
    _refuse_payment(given, row)
    try:
        with transaction.atomic():
            repayment = Repayment.objects.create(contract=row, entered_by=by, entered_at=clock.now(), **given)
    except IntegrityError as error:
        if "projects_repayment_reference_once" in str(error):
            raise Conflict(_("This bank reference is booked already."), field="reference", code="taken") from None
        raise
    ledger, parts = _rebook(row, cause=repayment)
    _refuse_surplus(ledger, repayment)
    _tell(repayment, row, parts, "repayment.booked", after=given, by=by)
    tell_balance(row, due_unpaid=ledger.interest_due, by=by)
    return repayment


@transaction.atomic
def repayment_reverse(*, repayment: Repayment, reason: str, by: Person) -> Repayment:
    """Take a wrong repayment back, dated today: what follows from it is booked by lines of their own."""
    held = transition(REPAYMENT, "reverse", repayment, by=by)
    text = _reason(Repayment, "reversed_reason", reason)
    row = held.row
    row.contract = hold_contract(row.contract_id)
    held.write(reversed_by=by, reversed_at=clock.now(), reversed_reason=text)
    ledger, parts = _rebook(row.contract, cause=row)
    held.record(
        data={"contract": row.contract.number, "reference": row.reference, "parts": _say(parts)},
        reason=text,
        evidence=(row, *parts),
    )
    tell_balance(row.contract, due_unpaid=ledger.interest_due, by=by)
    return row


def _count_anew(contract: Contract) -> Ledger:
    """Replay the contract and write what is owed and paid of each of its instalments. The caller holds the contract."""
    rows = list(selectors.current_instalments(contract))
    ledger = selectors.ledger_of(contract, rows)
    for row, line in zip(rows, ledger.lines, strict=True):
        row.owed_principal, row.owed_interest = line.principal, line.interest
        row.paid_principal, row.paid_interest = line.principal_paid, line.interest_paid
        row.paid_on, row.counted_at = line.paid_on, clock.now()
    names = ["owed_principal", "owed_interest", "paid_principal", "paid_interest", "paid_on", "counted_at"]
    Instalment.objects.bulk_update(rows, names)
    return ledger


def _rebook(contract: Contract, *, cause: Repayment) -> tuple[Ledger, list[RepaymentPart]]:
    """Replay and write the lines by which the parts of each payment differ from what is booked."""
    ledger = _count_anew(contract)
    booked = RepaymentPart.objects.filter(repayment__contract=contract).order_by()
    sums: dict[tuple[int, str], Decimal] = {
        (pk, kind): total for pk, kind, total in booked.values_list("repayment", "kind").annotate(total=Sum("amount"))
    }
    keys = dict(Repayment.objects.filter(contract=contract).values_list("pk", "reference"))
    lines = []
    for pk, key in keys.items():
        wanted = ledger.splits.get(key, {})
        for kind in RepaymentPart.Kind.values:
            change = wanted.get(kind, Decimal(0)) - sums.get((pk, kind), Decimal(0))
            if change:
                lines.append(
                    RepaymentPart(repayment_id=pk, cause=cause, kind=kind, amount=change, booked_at=clock.now())
                )
    # What is taken back comes first: at no line is more paid back than was paid out.
    lines.sort(key=lambda line: (line.amount > 0, line.repayment_id, line.kind))
    return ledger, RepaymentPart.objects.bulk_create(lines)


def _base(contract: Contract) -> tuple[Decimal, date, date]:
    """What a plan laid today is about: the principal not yet due, the day its interest runs from, and the day after
    which its first instalment lies.
    """
    rows = list(selectors.current_instalments(contract))
    ledger = selectors.ledger_of(contract, rows)
    draws = selectors.paid_draws(contract)
    if not draws:
        raise Conflict(_("Nothing has been paid out under this contract yet."), code="not_drawn")
    amount = ledger.not_due
    if amount <= 0:
        raise Conflict(_("Nothing is outstanding that is not due already."), code="nothing_left")
    due = [line.row.due_on for line in ledger.lines if line.is_due]
    since = max(due, default=draws[0].day)
    return amount, since, clock.today() if rows else since


def _plan(
    given: Mapping[str, Any], amount: Decimal, since: date, after: date, first: date | None, contract: Contract
) -> list[Planned]:
    """The instalments of a plan by rule."""
    last = contract.matures_on
    if first is None:
        raise BadInput(_("Name the first due day."), field="first_due_on", code="required")
    if not after < first <= last:
        raise BadInput(
            _("A day after %(after)s until the maturity on %(last)s.") % {"after": after, "last": last},
            field="first_due_on",
        )
    if given["months"] not in RepaymentPlan.Months.values:
        raise BadInput(_("Choose one of the intervals."), field="months")
    days = due_days(first, last, given["months"])
    if len(days) > MOST_ROWS:
        raise BadInput(_("At most %(most)d instalments.") % {"most": MOST_ROWS}, field="months")
    if given["grace"] >= len(days):
        text = _("At most %(most)d of the %(count)d instalments.") % {"most": len(days) - 1, "count": len(days)}
        raise BadInput(text, field="grace")
    return plan_repayment(
        amount,
        start=since,
        days=days,
        rate=contract.rate,
        kind=given["kind"],
        per_year=12 // given["months"],
        grace=given["grace"],
    )


def _read_custom(
    rows: Sequence[Mapping[str, Any]], amount: Decimal, since: date, after: date, contract: Contract
) -> list[Planned]:
    """The instalments as they were given: in order, within the term, summing to the amount; interest actual/360."""
    if not rows:
        raise BadInput(_("Name at least one instalment."), field="rows", code="required")
    if len(rows) > MOST_ROWS:
        raise BadInput(_("At most %(most)d instalments.") % {"most": MOST_ROWS}, field="rows")
    errors: dict[str, list[Text]] = {}
    found: list[Planned] = []
    balance, begin, before = amount, since, after
    for place, one in enumerate(rows):
        row = checked(Instalment, one, allowed=("due_on", "principal"))
        if not before < row["due_on"] <= contract.matures_on:
            text = _("A day after %(after)s until the maturity on %(last)s.")
            errors[f"rows.{place}.due_on"] = [text % {"after": before, "last": contract.matures_on}]
        if row["principal"] < 0:
            errors[f"rows.{place}.principal"] = [_("Not below zero.")]
        interest = interest_for(max(balance, Decimal(0)), contract.rate, max((row["due_on"] - begin).days, 0))
        balance -= row["principal"]
        found.append(Planned(place + 1, row["due_on"], row["principal"], interest, max(balance, Decimal(0))))
        begin = before = row["due_on"]
    total = sum((one.principal for one in found), Decimal(0))
    if not errors and total != amount:
        text = _("The instalments sum to %(sum)s yuan; %(amount)s yuan are to be paid back.")
        errors["rows"] = [text % {"sum": total, "amount": amount}]
    if errors:
        raise BadInput(errors=errors)
    return found


def _write_instalments(plan: RepaymentPlan, planned: Sequence[Planned]) -> list[Instalment]:
    """Each is in time until the next working day."""
    calendar = calendar_between(planned[0].due_on - DAY, planned[-1].due_on + LONGEST_BREAK)
    return Instalment.objects.bulk_create(
        Instalment(
            plan=plan,
            number=one.number,
            due_on=one.due_on,
            pay_by=add_workdays(one.due_on - DAY, 1, calendar=calendar).date,
            principal=one.principal,
            interest=one.interest,
            balance=one.balance,
        )
        for one in planned
    )


def _in_force(contract: Contract) -> RepaymentPlan | None:
    return RepaymentPlan.objects.filter(contract=contract, state=RepaymentPlan.State.IN_FORCE).first()


def _same(known: Repayment, contract: Contract, given: Mapping[str, Any]) -> Repayment:
    """The repayment that has this reference already, if it says the same and counts; else 409."""
    is_same = known.contract_id == contract.pk and all(getattr(known, name) == given[name] for name in given)
    if is_same and known.state == Repayment.State.BOOKED:
        return known
    text = _("This bank reference is booked already: %(sum)s yuan of %(day)s.")
    facts = {"sum": known.amount, "day": known.value_date}
    raise Conflict(text % facts, field="reference", code="taken")


def _refuse_payment(given: Mapping[str, Any], contract: Contract) -> None:
    """BadInput for what is wrong in itself; Conflict before there is a plan."""
    errors: dict[str, list[Text]] = {}
    if given["amount"] <= 0:
        errors["amount"] = [_("The amount must be above zero.")]
    if given["value_date"] > clock.today():
        errors["value_date"] = [_("This day has not come yet.")]
    elif given["value_date"] < contract.signed_on:
        errors["value_date"] = [_("Before the contract of %(day)s.") % {"day": contract.signed_on}]
    if errors:
        raise BadInput(errors=errors)
    if _in_force(contract) is None:
        raise Conflict(_("No repayment plan of this contract is in force yet."), code="no_plan")


def _refuse_surplus(ledger: Ledger, repayment: Repayment) -> None:
    """RuleRefused with the figure: more than is owed, or more than is due and not meant as an early repayment."""
    if ledger.surplus:
        most = repayment.amount - ledger.surplus
        text = _("At most %(most)s yuan are owed.") % {"most": max(most, Decimal(0))}
        raise RuleRefused(errors={"amount": [text]}, code="above_outstanding")
    early = ledger.splits[repayment.reference]["prepaid"]
    if early and not repayment.is_prepayment:
        text = _("%(sum)s yuan of principal were not due on this day; say so if this is an early repayment.")
        raise RuleRefused(errors={"amount": [text % {"sum": early}]}, code="not_due")


def _say(parts: Sequence[RepaymentPart]) -> list[str]:
    return [f"{part.repayment_id} {part.kind} {part.amount}" for part in parts]


def _tell(
    repayment: Repayment, contract: Contract, parts: Sequence[RepaymentPart], act: str, *, after: Any, by: Person
) -> None:
    data = {"contract": contract.number, "reference": repayment.reference, "parts": _say(parts)}
    record(act, subject=repayment, by=by, after=after, data=data, evidence=(repayment, *parts))


def _reason(model: type[Model], field: str, reason: str) -> str:
    text = str(checked(model, {field: reason})[field])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    return text


def _ask(plan: RepaymentPlan, contract: Contract, *, by: Person) -> None:
    """The first of the risk assessors, else of the back office, who may confirm has it to do."""
    able = chain.from_iterable(people_with_role(role).order_by("pk") for role in (Role.RISK_ASSESSOR, Role.BACK_OFFICE))
    owner = next((one for one in able if may(one, CONFIRM, plan)), None)
    if owner is None:
        return
    workdays = parameters.value(CHECKING).value["workdays"]
    todo_open(
        kind=CHECK_TODO,
        subject=plan,
        owner=owner,
        due_on=add_workdays(clock.today(), workdays).date,
        url=plan.get_absolute_url(),
        data={"client": contract.project.client.name, "number": contract.number},
        by=cast(Any, by),
    )
