"""Contract, paid-in capital and draw-downs: each entered by one person and confirmed by another; a third one pays."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, cast

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max, Model
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may, permit
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.attachments.services import file_store
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open
from projects.deals.models import Project, ProjectDocument
from projects.deals.policies import CHANGE
from projects.deals.rules.months import add_months
from projects.deals.services import document_add
from projects.facilities.models import Facility
from projects.facilities.services import facility_balance, facility_of_contract
from projects.funding import selectors
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee
from projects.funding.policies import CONFIRM, PAY, RELEASE
from projects.funding.workflow import CAPITAL, CONTRACT, DRAWDOWN, hold_contract, hold_project

LEAST = 5
MOST_PAYEES = 50
CHECKING = "funding.checking"
# The to-dos of the second and third person.
CHECK_TODO, CAPITAL_TODO, RELEASE_TODO, PAY_TODO = (
    "contract.check",
    "capital.confirm",
    "drawdown.release",
    "drawdown.pay",
)
TERMS = ("number", "amount", "signed_on", "available_until", "matures_on", "rate", "repayment")


@transaction.atomic
def contract_enter(*, project: Project, paper: UploadedFile | File | None, by: Person, **terms: Any) -> Contract:
    """File the signed contract of an approved project with its terms, never above what was decided.

    `terms`: every field of TERMS. BadInput names what is wrong; RuleRefused what is above the approval; Conflict
    unless the approval is in force and there is no contract yet.
    """
    permit(Project, by, CHANGE, pk=project.pk)
    given = checked(Contract, terms, allowed=TERMS)
    project = hold_project(project.pk)
    _refuse_unapproved(project)
    _refuse_contradictions(given, project)
    if paper is None:
        raise BadInput(_("Attach the signed contract."), field="paper", code="required")
    if Contract.objects.filter(project=project).exclude(state=Contract.State.DECLINED).exists():
        raise Conflict(_("This project has a contract already."), code="taken")
    file = document_add(project=project, upload=paper, kind=ProjectDocument.Kind.CONTRACT, by=by).file
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                project=project, paper=file, prepared_by=by, prepared_at=clock.now(), **given
            )
    except IntegrityError as error:
        if "projects_contract_number_once" in str(error):
            raise Conflict(_("This contract number is entered already."), field="number", code="taken") from None
        raise
    data = {"project": project.pk, "sha256": file.sha256}
    record("contract.entered", subject=contract, by=by, after=given, data=data, evidence=(contract,))
    _ask(contract, contract, CHECK_TODO, CONFIRM, by=by)
    return contract


@transaction.atomic
def contract_confirm(*, contract: Contract, by: Person) -> Contract:
    """The second person's yes: the contract is compared with the approval and in force; it may be drawn."""
    held = transition(CONTRACT, "confirm", contract, by=by)
    row = held.row
    project = hold_project(row.project_id)
    _refuse_unapproved(project)
    _refuse_contradictions({name: getattr(row, name) for name in TERMS}, project)
    is_revolving = row.repayment == Project.Repayment.REVOLVING
    if Facility.objects.filter(contract_no=row.number).exclude(state__in=["refused", "withdrawn"]).exists():
        raise Conflict(_("A facility with this contract number is entered already."), code="taken")
    facility = facility_of_contract(
        project=project,
        paper=row.paper,
        entered_by=row.prepared_by,
        terms={
            "contract_no": row.number,
            "name": project.name,
            "kind": Facility.Kind.REVOLVING if is_revolving else Facility.Kind.LOAN,
            "amount": row.amount,
            "approved_on": project.decided_on,
            "approved_by": _("Approval of the project in this system"),
            "available_until": row.available_until,
            "matures_on": row.matures_on,
        },
        by=by,
    )
    held.write(checked_by=by, checked_at=clock.now(), facility=facility)
    held.record(data={"project": project.pk}, evidence=(row,))
    todo_close(kind=CHECK_TODO, subject=row, outcome=row.state, by=by)
    return row


@transaction.atomic
def contract_refuse(*, contract: Contract, reason: str, by: Person) -> Contract:
    """The second person's no, with a reason: another contract may be entered."""
    held = transition(CONTRACT, "refuse", contract, by=by)
    text = _reason(Contract, "declined_reason", reason)
    row = held.write(checked_by=by, checked_at=clock.now(), declined_reason=text)
    held.record(data={"project": row.project_id}, reason=text, evidence=(row,))
    todo_close(kind=CHECK_TODO, subject=row, outcome=row.state, by=by)
    return row


@transaction.atomic
def capital_enter(
    *, contract: Contract, amount: Decimal, paid_on: date, paper: UploadedFile | File | None, by: Person
) -> CapitalPayment:
    """Enter project capital that was paid in, with its voucher. It counts once a second person has confirmed it."""
    row = transition(CONTRACT, "draw", contract, by=by).row
    given = checked(CapitalPayment, {"amount": amount, "paid_on": paid_on})
    errors: dict[str, list[Text]] = {}
    if given["amount"] <= 0:
        errors["amount"] = [_("The amount must be above zero.")]
    if given["paid_on"] > clock.today():
        errors["paid_on"] = [_("This day has not come yet.")]
    if errors:
        raise BadInput(errors=errors)
    if paper is None:
        raise BadInput(_("Attach the bank voucher."), field="paper", code="required")
    file = file_store(upload=paper, by=by, field="paper")
    if CapitalPayment.objects.filter(contract=row, paper__sha256=file.sha256).exists():
        raise Conflict(_("This voucher is entered already."), field="paper", code="taken")
    payment = CapitalPayment.objects.create(contract=row, paper=file, entered_by=by, entered_at=clock.now(), **given)
    data = {"contract": row.number, "sha256": file.sha256}
    record("capital.entered", subject=payment, by=by, after=given, data=data, evidence=(payment,))
    _ask(payment, row, CAPITAL_TODO, CONFIRM, by=by)
    return payment


@transaction.atomic
def capital_confirm(*, payment: CapitalPayment, by: Person) -> CapitalPayment:
    """The second person's yes: from now on it counts for draw-downs."""
    held = transition(CAPITAL, "confirm_capital", payment, by=by)
    row = held.write(confirmed_by=by, confirmed_at=clock.now())
    held.record(data={"contract": row.contract.number}, evidence=(row,))
    todo_close(kind=CAPITAL_TODO, subject=row, outcome="confirmed", by=by)
    return row


@transaction.atomic
def drawdown_request(*, contract: Contract, purpose: str, payees: Sequence[Mapping[str, Any]], by: Person) -> Drawdown:
    """Ask for money to `payees` (name, account_no, bank, amount, is_entrusted, invoice_no); the sum is the draw-down.

    What it is tested for is shown at once and decided at the release.
    """
    row = transition(CONTRACT, "draw", contract, by=by).row
    text = str(checked(Drawdown, {"purpose": purpose})["purpose"])
    rows = _read_payees(payees, row)
    total = sum((one["amount"] for one in rows), Decimal(0))
    last = Drawdown.objects.filter(contract=row).aggregate(last=Max("number"))["last"] or 0
    draw = Drawdown.objects.create(
        contract=row, number=last + 1, amount=total, purpose=text, requested_by=by, requested_at=clock.now()
    )
    receivers = Payee.objects.bulk_create([Payee(drawdown=draw, **one) for one in rows])
    data = {"contract": row.number, "payees": [f"{one['name']} {one['amount']}" for one in rows]}
    record(
        "drawdown.requested",
        subject=draw,
        by=by,
        after={"amount": total, "purpose": text},
        data=data,
        evidence=(draw, *receivers),
    )
    _ask(draw, row, RELEASE_TODO, RELEASE, by=by)
    return draw


@transaction.atomic
def drawdown_release(*, drawdown: Drawdown, by: Person) -> Drawdown:
    """The second person's yes. RuleRefused with every test that fails, as of this moment, under project and contract.

    From now on the sum counts against the contract and as outstanding.
    """
    held = transition(DRAWDOWN, "release", drawdown, by=by)
    row = held.row
    row.contract = hold_contract(row.contract_id)
    _refuse_unapproved(row.contract.project)
    found = selectors.run_checks(row.contract, selectors.payments_of(row), but=row.pk)
    failed = [check for check in found if not check.passed]
    if failed:
        texts = [_say(check) for check in failed]
        raise RuleRefused(errors={"checks": texts}, code="checks_failed")
    held.write(decided_by=by, decided_at=clock.now(), checks=selectors.to_plain(found))
    held.record(data={"contract": row.contract.number, "amount": row.amount}, evidence=(row,))
    todo_close(kind=RELEASE_TODO, subject=row, outcome=row.state, by=by)
    tell_balance(row.contract, by=by)
    _ask(row, row.contract, PAY_TODO, PAY, by=by)
    return row


@transaction.atomic
def drawdown_refuse(*, drawdown: Drawdown, reason: str, by: Person) -> Drawdown:
    """The second person's no, with a reason."""
    held = transition(DRAWDOWN, "decline", drawdown, by=by)
    text = _reason(Drawdown, "decided_reason", reason)
    row = held.write(decided_by=by, decided_at=clock.now(), decided_reason=text)
    held.record(data={"contract": row.contract.number, "amount": row.amount}, reason=text, evidence=(row,))
    todo_close(kind=RELEASE_TODO, subject=row, outcome=row.state, by=by)
    return row


@transaction.atomic
def drawdown_pay(*, drawdown: Drawdown, paid_on: date, voucher: UploadedFile | File | None, by: Person) -> Drawdown:
    """A third person reports the payment with its voucher; the day of payment is the value date."""
    held = transition(DRAWDOWN, "pay", drawdown, by=by)
    row = held.row
    assert row.decided_at is not None
    released_on = row.decided_at.astimezone(clock.SHANGHAI).date()
    if not released_on <= paid_on <= clock.today():
        raise BadInput(_("A day from the release until today."), field="paid_on")
    if voucher is None:
        raise BadInput(_("Attach the payment voucher."), field="voucher", code="required")
    file = file_store(upload=voucher, by=by, field="voucher")
    held.write(paid_by=by, paid_at=clock.now(), paid_on=paid_on, voucher=file)
    held.record(data={"contract": row.contract.number, "amount": row.amount, "sha256": file.sha256}, evidence=(row,))
    todo_close(kind=PAY_TODO, subject=row, outcome=row.state, by=by)
    return row


def tell_balance(contract: Contract, *, due_unpaid: Decimal = Decimal(0), by: Person) -> None:
    """Write today's balance of the contract's facility, and with it the client's exposure.

    `due_unpaid`: interest that is due and unpaid, in yuan.
    """
    found = selectors.with_sums(Contract.objects.filter(pk=contract.pk)).get()
    facility = cast(Facility, contract.facility)
    facility.client = contract.project.client
    sums = {"outstanding": found.outstanding, "undrawn": found.undrawn}  # type: ignore[attr-defined]
    facility_balance(facility=facility, due_unpaid=due_unpaid, by=by, **sums)


def _refuse_unapproved(project: Project) -> None:
    """409 unless the approval is in force; a signed contract on file keeps it so."""
    if not project.is_binding:
        raise Conflict(_("Only an approved project has a contract and draw-downs."), code="not_approved")
    if project.currency != "CNY":
        raise Conflict(_("Contracts are kept in CNY only."), code="currency")


def _refuse_contradictions(given: Mapping[str, Any], project: Project) -> None:
    """BadInput for what is wrong in itself, RuleRefused for what is above the decided terms, with field and figure."""
    wrong: dict[str, list[Text]] = {}
    above: dict[str, list[Text]] = {}
    signed, until, matures = given["signed_on"], given["available_until"], given["matures_on"]
    if given["amount"] <= 0:
        wrong["amount"] = [_("The amount must be above zero.")]
    if not 0 < given["rate"] <= 24:
        wrong["rate"] = [_("A rate above 0 and up to 24 percent.")]
    if signed > clock.today():
        wrong["signed_on"] = [_("This day has not come yet.")]
    if until < signed:
        wrong["available_until"] = [_("Not before the signing.")]
    if matures <= until:
        wrong["matures_on"] = [_("The maturity lies after the availability period.")]
    if wrong:
        raise BadInput(errors=wrong)
    limit = project.approved_amount or project.amount
    if given["amount"] > limit:
        above["amount"] = [_("Above the approved amount of %(sum)s yuan.") % {"sum": limit}]
    if project.decided_on is not None and signed < project.decided_on:
        above["signed_on"] = [_("Before the approval of %(day)s.") % {"day": project.decided_on}]
    if project.valid_until is not None and signed > project.valid_until:
        above["signed_on"] = [_("After the last valid day of the approval, %(day)s.") % {"day": project.valid_until}]
    last = add_months(signed, project.approved_term_months or project.term_months)
    if matures > last:
        above["matures_on"] = [_("After the approved term, which ends on %(day)s.") % {"day": last}]
    months = project.approved_draw_months or project.draw_months
    if months and until > add_months(signed, months):
        day = add_months(signed, months)
        above["available_until"] = [_("After the approved draw-down period, which ends on %(day)s.") % {"day": day}]
    if project.rate_fixed is not None and given["rate"] < project.rate_fixed:
        above["rate"] = [_("Below the approved rate of %(rate)s %%.") % {"rate": project.rate_fixed.normalize()}]
    if project.repayment and given["repayment"] != project.repayment:
        above["repayment"] = [_("The approval says: %(kind)s.") % {"kind": project.get_repayment_display()}]
    if above:
        raise RuleRefused(errors=above, code="above_approval")


def _read_payees(payees: Sequence[Mapping[str, Any]], contract: Contract) -> list[dict[str, Any]]:
    """Payees as the columns hold them; each field that is wrong is named by its place."""
    if not payees:
        raise BadInput(_("Name at least one payee."), field="payees")
    if len(payees) > MOST_PAYEES:
        raise BadInput(_("At most %(most)d payees.") % {"most": MOST_PAYEES}, field="payees")
    rows = []
    errors: dict[str, list[Text]] = {}
    for place, given in enumerate(payees):
        row = checked(Payee, given, allowed=("name", "account_no", "bank", "amount", "is_entrusted", "invoice_no"))
        if row["amount"] <= 0:
            errors[f"payees.{place}.amount"] = [_("The amount must be above zero.")]
        rows.append(row)
    if errors:
        raise BadInput(errors=errors)
    numbers = [row["invoice_no"] for row in rows]
    used = Payee.objects.filter(
        drawdown__contract__project__client=contract.project.client_id, invoice_no__in=numbers
    ).exclude(drawdown__state=Drawdown.State.DECLINED)
    twice = sorted(set(used.values_list("invoice_no", flat=True)) | {no for no in numbers if numbers.count(no) > 1})
    if twice:
        raise RuleRefused(
            _("Used for another payment already: %(numbers)s.") % {"numbers": ", ".join(twice)},
            field="payees",
            code="invoice_twice",
        )
    return rows


def _say(check: Any) -> str:
    """A failed test in one sentence with its figure."""
    label = str(selectors.LABELS[check.code])
    if check.most is not None:
        return _("Not passed: %(label)s; at most %(most)s yuan can be drawn now.") % {
            "label": label,
            "most": check.most,
        }
    if check.names:
        return _("Not passed: %(label)s (%(names)s).") % {"label": label, "names": ", ".join(check.names)}
    return _("Not passed: %(label)s.") % {"label": label}


def _reason(model: type[Model], field: str, reason: str) -> str:
    text = str(checked(model, {field: reason})[field])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    return text


def _ask(subject: Any, contract: Contract, kind: str, action: str, *, by: Person) -> None:
    """The first of the back office, else a risk assessor, who may give the next word has it to do."""
    able = chain.from_iterable(people_with_role(role).order_by("pk") for role in (Role.BACK_OFFICE, Role.RISK_ASSESSOR))
    owner = next((one for one in able if may(one, action, subject)), None)
    if owner is None:
        return
    todo_open(
        kind=kind,
        subject=subject,
        owner=owner,
        due_on=add_workdays(clock.today(), parameters.value(CHECKING).value["workdays"]).date,
        url=reverse("projects:drawdown_pay", args=[subject.pk]) if kind == PAY_TODO else subject.get_absolute_url(),
        data={"client": contract.project.client.name, "number": contract.number},
        by=by,
    )
