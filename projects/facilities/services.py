"""Facilities in force: entered by one person, confirmed by another; balances told; settled by two."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, cast

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from clients.standing.services import standing_record
from crm.kernel.access.checks import may, permit, require
from crm.kernel.access.errors import BadInput, Conflict, DomainError, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.services import file_store
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open
from projects.deals.models import Project
from projects.facilities.models import Facility, FacilityBalance
from projects.facilities.policies import CONFIRM, SETTLED, TELL
from projects.facilities.selectors import read_exposure, sum_exposure
from projects.facilities.workflow import FACILITY, select_facilities

LEAST = 5
CONFIRMATION = "facility.confirmation"
# The to-dos of the second person.
CONFIRM_TODO, SETTLE_TODO = "facility.confirm", "facility.settled"
MOST_ROWS = 500


@transaction.atomic
def facility_enter(
    *,
    client: Client,
    contract_no: str,
    name: str,
    kind: str,
    amount: Decimal,
    approved_on: date,
    approved_by: str,
    matures_on: date,
    outstanding: Decimal,
    as_of: date,
    paper: UploadedFile | File | None,
    margin: Decimal = Decimal(0),
    available_until: date | None = None,
    undrawn: Decimal = Decimal(0),
    due_unpaid: Decimal = Decimal(0),
    by: Person,
) -> Facility:
    """Enter a facility that another channel approved, with its balance of a day and the paper that shows it.

    By who works on the client. It counts towards the exposure once a second person has confirmed it. BadInput names
    every field that is wrong; Conflict: the contract number is there already.
    """
    permit(Client, by, CHANGE, pk=client.pk)
    given = checked(
        Facility,
        {
            "contract_no": contract_no,
            "name": name,
            "kind": kind,
            "amount": amount,
            "margin": margin,
            "approved_on": approved_on,
            "approved_by": approved_by,
            "available_until": available_until,
            "matures_on": matures_on,
        },
    )
    told = _checked_balance(outstanding, undrawn, due_unpaid)
    _refuse_contradictions({**given, **told, "as_of": as_of})
    if paper is None:
        raise BadInput(_("Attach the contract or the approval letter."), field="paper", code="required")
    file = file_store(upload=paper, by=by, field="paper")
    row = permit(Client, by, CHANGE, lock=True, pk=client.pk)
    try:
        with transaction.atomic():
            facility = Facility.objects.create(client=row, paper=file, entered_by=by, entered_at=clock.now(), **given)
    except IntegrityError as error:
        if "projects_facility_contract_once" in str(error):
            raise Conflict(
                _("A facility with this contract number is entered already."), field="contract_no", code="taken"
            ) from None
        raise
    balance = FacilityBalance.objects.create(facility=facility, as_of=as_of, told_by=by, told_at=clock.now(), **told)
    what: dict[str, Any] = {"after": {**given, **told}, "data": {"client": row.pk, "sha256": file.sha256}}
    record("facility.entered", subject=facility, by=by, evidence=(facility, balance), **what)
    _ask_second_person(facility, CONFIRM_TODO, CONFIRM, by=by)
    return facility


@transaction.atomic(savepoint=False)  # always part of the contract's act
def facility_of_contract(
    *, project: Project, paper: StoredFile, entered_by: Person, terms: Mapping[str, Any], by: Person
) -> Facility:
    """The facility of a project's own contract, which two people compared with the approval. Nothing is drawn yet.

    `terms`: the columns of the facility. Called by the contract, which holds project and client.
    """
    now = clock.now()
    client = project.client
    facility = Facility.objects.create(
        client=client, project=project, paper=paper, entered_by=entered_by, entered_at=now, **terms
    )
    facility.state, facility.decided_by, facility.decided_at = Facility.State.CONFIRMED, by, now
    facility.save(update_fields=["state", "decided_by", "decided_at"])
    record("facility.confirmed", subject=facility, by=by, data={"client": client.pk}, evidence=(facility,))
    facility_balance(facility=facility, outstanding=Decimal(0), undrawn=facility.amount, by=by)
    return facility


@transaction.atomic(savepoint=False)
def facility_balance(
    *, facility: Facility, outstanding: Decimal, undrawn: Decimal, due_unpaid: Decimal = Decimal(0), by: Person
) -> FacilityBalance:
    """Today's balance of a project's own contract, after its draw-down or repayment, which the caller has written."""
    told = {"outstanding": outstanding, "undrawn": undrawn, "due_unpaid": due_unpaid}
    today = clock.today()
    row = FacilityBalance.objects.create(facility=facility, as_of=today, told_by=by, told_at=clock.now(), **told)
    data = {"client": facility.client_id, "as_of": today}
    record("facility.balance_told", subject=facility, by=by, after=told, data=data, evidence=(row,))
    _tell_exposure(facility, by=by)
    return row


@transaction.atomic
def facility_confirm(*, facility: Facility, by: Person) -> Facility:
    """The second person's yes: from now on it counts towards the client's exposure."""
    held = transition(FACILITY, "confirm", facility, by=by)
    return _move(held, decided_by=by, decided_at=clock.now())


@transaction.atomic
def facility_refuse(*, facility: Facility, reason: str, by: Person) -> Facility:
    """The second person's no, with a reason; it never counts."""
    held = transition(FACILITY, "refuse", facility, by=by)
    reason = _checked_reason(reason)
    return _move(held, reason=reason, decided_by=by, decided_at=clock.now(), decided_reason=reason)


@transaction.atomic
def facility_withdraw(*, facility: Facility, by: Person) -> Facility:
    """Its enterer takes it back while nobody has decided."""
    return _move(transition(FACILITY, "withdraw", facility, by=by))


@transaction.atomic
def facility_settle(*, facility: Facility, settled_on: date, by: Person) -> Facility:
    """Report that everything was paid back on a day; it counts on until a second person confirms."""
    held = transition(FACILITY, "settle", facility, by=by)
    if not held.row.approved_on <= settled_on <= clock.today():
        raise BadInput(_("A day from the approval until today."), field="settled_on")
    row = _move(held, settled_on=settled_on, settlement_by=by, settlement_at=clock.now())
    _ask_second_person(row, SETTLE_TODO, SETTLED, by=by)
    return row


@transaction.atomic
def facility_settle_confirm(*, facility: Facility, by: Person) -> Facility:
    """The second person's yes: it leaves the client's exposure."""
    return _move(transition(FACILITY, "settled", facility, by=by), settled_by=by, settled_at=clock.now())


@transaction.atomic
def facility_settle_refuse(*, facility: Facility, reason: str, by: Person) -> Facility:
    """The second person's no: it stays in force."""
    held = transition(FACILITY, "unsettled", facility, by=by)
    return _move(held, reason=_checked_reason(reason), settled_on=None, settlement_by=None, settlement_at=None)


@transaction.atomic
def balance_tell(
    *,
    facility: Facility,
    as_of: date,
    outstanding: Decimal,
    undrawn: Decimal = Decimal(0),
    due_unpaid: Decimal = Decimal(0),
    by: Person,
) -> FacilityBalance:
    """Tell what was outstanding on a day; of one day the last told counts. Told again unchanged, nothing is added."""
    held = transition(FACILITY, "tell", facility, by=by)
    row, told = held.row, _checked_balance(outstanding, undrawn, due_unpaid)
    facts = {name: getattr(row, name) for name in ("kind", "amount", "approved_on")}
    _refuse_contradictions({**facts, **told, "as_of": as_of})
    same = FacilityBalance.objects.filter(facility=row, as_of=as_of).order_by("-id").first()
    if same is not None and all(getattr(same, name) == value for name, value in told.items()):
        return same
    balance = FacilityBalance.objects.create(facility=row, as_of=as_of, told_by=by, told_at=clock.now(), **told)
    held.record(after=told, data={"client": row.client_id, "as_of": as_of}, evidence=(balance,))
    _tell_exposure(row, by=by)
    return balance


def balances_tell(*, rows: Sequence[dict[str, Any]], by: Person) -> list[dict[str, Any]]:
    """Balances by contract number, each row for itself: what is wrong with one does not keep the others.

    A row: `contract_no`, `as_of`, `outstanding`, and where they are not 0 `undrawn`, `due_unpaid`. Answers a row each:
    `contract_no`, `done`, and for what was refused `field` and `reason`.
    """
    require(by, TELL, Facility)
    if len(rows) > MOST_ROWS:
        raise BadInput(_("At most %(most)d rows at once.") % {"most": MOST_ROWS}, field="rows")
    numbers = {row["contract_no"] for row in rows}
    known = {
        row.contract_no: row for row in select_facilities().filter(contract_no__in=numbers, state__in=Facility.COUNTING)
    }
    answers: list[dict[str, Any]] = []
    for row in rows:
        facility = known.get(row["contract_no"])
        answer: dict[str, Any] = {"contract_no": row["contract_no"], "done": True, "field": "", "reason": ""}
        try:
            if facility is None:
                raise BadInput(_("No facility in force has this contract number."), field="contract_no")
            told = {name: value for name, value in row.items() if name != "contract_no"}
            balance_tell(facility=facility, by=by, **told)
        except DomainError as refusal:
            answer |= {"done": False, **_told_refusal(refusal)}
        answers.append(answer)
    return answers


def _told_refusal(refusal: DomainError) -> dict[str, str]:
    """The first field that is wrong and why."""
    return {"field": refusal.field, "reason": str(refusal.message)}


def exposures_refresh(*, by: Viewer) -> int:
    """Count anew the clients of whose facilities the last available day has passed since; how many. Idempotent."""
    today = clock.today()
    passed = Facility.objects.filter(
        state__in=Facility.COUNTING,
        available_until__lt=today,
        client__standing__exposure_as_of__lte=F("available_until"),
    )
    count = 0
    for pk in list(passed.order_by("client_id").values_list("client_id", flat=True).distinct()):
        with transaction.atomic():
            client = Client.objects.select_for_update(of=("self",)).get(pk=pk)
            total = sum_exposure(read_exposure(pk))
            source = "facility:availability"
            standing_record(client=client, values={"exposure": total}, source=source, as_of=today, by=by)
        count += 1
    return count


def _move(held: Transition[Facility], *, reason: str = "", **changes: Any) -> Facility:
    """Write the move, bind the row to its event, and tell the client's exposure."""
    row, by = held.write(**changes), cast(Person, held.by)
    held.record(data={"client": row.client_id}, reason=reason, evidence=(row,))
    if held.move.code in ("confirm", "settled"):
        _tell_exposure(row, by=by)
    if held.move.code != "settle":
        kind = SETTLE_TODO if held.move.code in ("settled", "unsettled") else CONFIRM_TODO
        todo_close(kind=kind, subject=row, outcome=row.state, by=by)
    return row


def _ask_second_person(facility: Facility, kind: str, action: str, *, by: Person) -> None:
    """The nearest head above the client who may give the second word has it to do, else a risk assessor who may."""
    heads = people_with_role(Role.DEPARTMENT_HEAD).annotate(
        place=Value(facility.client.department.path), depth=Length("department__path")
    )
    above = heads.filter(place__startswith=F("department__path")).order_by("-depth", "pk")
    others = people_with_role(Role.RISK_ASSESSOR).order_by("pk")
    owner = next((person for person in chain(above, others) if may(person, action, facility)), None)
    if owner is None:
        return
    workdays = parameters.value(CONFIRMATION).value["workdays"]
    todo_open(
        kind=kind,
        subject=facility,
        owner=owner,
        due_on=add_workdays(clock.today(), workdays).date,
        url=facility.get_absolute_url(),
        data={"client": facility.client.name, "number": facility.contract_no},
        by=by,
    )


def _tell_exposure(facility: Facility, *, by: Person) -> None:
    standing_record(
        client=facility.client,
        values={"exposure": sum_exposure(read_exposure(facility.client_id))},
        source=f"facility:{facility.pk}",
        as_of=clock.today(),
        by=by,
    )


def _checked_reason(reason: str) -> str:
    text = str(checked(Facility, {"decided_reason": reason})["decided_reason"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    return text


def _checked_balance(outstanding: Decimal, undrawn: Decimal, due_unpaid: Decimal) -> dict[str, Any]:
    return checked(FacilityBalance, {"outstanding": outstanding, "undrawn": undrawn, "due_unpaid": due_unpaid})


def _refuse_contradictions(given: dict[str, Any]) -> None:
    """BadInput with every field that contradicts another."""
    errors: dict[str, list[Text]] = {}

    def refuse(field: str, text: Text) -> None:
        errors.setdefault(field, []).append(text)

    amount, today = given["amount"], clock.today()
    if amount <= 0:
        refuse("amount", _("The amount must be above zero."))
    for name in ("outstanding", "undrawn", "due_unpaid"):
        if given[name] < 0:
            refuse(name, _("Not below zero."))
    if given["outstanding"] + given["undrawn"] > amount > 0:
        refuse("outstanding", _("Outstanding and undrawn together exceed the contract amount."))
    if given["kind"] not in Facility.DRAWN and given["undrawn"]:
        refuse("undrawn", _("This kind has no undrawn commitment."))
    if not 0 <= given.get("margin", 0) <= max(amount, 0):
        refuse("margin", _("From zero to the contract amount."))
    if given["approved_on"] > today:
        refuse("approved_on", _("This day has not come yet."))
    if not given["approved_on"] <= given["as_of"] <= today:
        refuse("as_of", _("A day from the approval until today."))
    if "matures_on" in given:
        if given["matures_on"] <= given["approved_on"]:
            refuse("matures_on", _("The maturity lies after the approval."))
        if given["available_until"] is not None and given["available_until"] > given["matures_on"]:
            refuse("available_until", _("Not after the maturity."))
    if errors:
        raise BadInput(errors=errors)
