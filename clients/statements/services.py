"""Financial statements: entered and checked by who works on the client, confirmed by another person, corrected anew."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from clients.standing.services import FIGURES_CHANGED
from clients.statements.models import Statement, StatementLine, StatementReason
from clients.statements.policies import CONFIRM
from clients.statements.rules.identities import blocks, lacks_reason
from clients.statements.rules.lines import BY_CODE, complete_totals
from clients.statements.rules.periods import end_of_month
from clients.statements.rules.signs import suggest_signs
from clients.statements.rules.units import MOST, UNITS, guess_unit
from clients.statements.selectors import CURRENT_COLUMNS, find_problems, join_columns, last_assets, read_columns
from clients.statements.workflow import STATEMENT
from crm.kernel.access.checks import may, permit
from crm.kernel.access.errors import BadInput, Conflict, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.attachments.services import file_store
from crm.kernel.audit.services import record
from crm.kernel.outbox.services import schedule
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open

LEAST = 5
CONFIRMATION = "statement.confirmation"
CONFIRM_TODO = "statement.confirm"
# One figure: code, column, yuan.
Figure = tuple[str, str, Decimal]
State = Statement.State


@transaction.atomic
def statement_create(
    *, client: Client, paper: UploadedFile | File | None = None, by: Person, **facts: Any
) -> Statement:
    """A draft without figures; `facts` as `Statement.FACTS` names them. By who works on the client."""
    permit(Client, by, CHANGE, pk=client.pk)
    given = _checked_facts(facts)
    file = None if paper is None else file_store(upload=paper, by=by, field="paper")
    row = permit(Client, by, CHANGE, lock=True, pk=client.pk)
    statement = Statement.objects.create(client=row, paper=file, made_by=by, made_at=clock.now(), **given)
    record("statement.created", subject=statement, by=by, after=given, data={"client": row.pk, "lines": 0})
    return statement


@transaction.atomic
def statement_save(
    *,
    statement: Statement,
    figures: Iterable[Figure],
    expected_version: int | None,
    facts: Mapping[str, Any] | None = None,
    unit_is_sure: bool = False,
    by: Person,
) -> Statement:
    """Replace all figures, and the facts that are given. Missing totals are filled from their parts. What was checked
    becomes a draft again; the reason of a warning whose figures have changed is dropped.

    BadInput names the figure as `A101.closing`, and `unit` where total assets suggest another one (`unit_is_sure`).
    """
    move = transition(STATEMENT, "save", statement, expected_version=expected_version, by=by)
    taken = _checked_figures(figures)
    changes: dict[str, Any] = {}
    if facts:
        present = {name: getattr(move.row, name) for name in Statement.FACTS}
        changes = _checked_facts({**present, **facts})
    if by.pk not in move.row.editors:
        changes["editors"] = [*move.row.editors, by.pk]
    before = _findings_with_reason(move.row)
    row = _reopen(move, **changes)
    _write_lines(row, taken)
    _check_unit(row, taken, is_sure=unit_is_sure)
    _drop_stale_reasons(row, before)
    move.record(after=dict(facts or {}), data=_told(row, len(taken)))
    return row


@transaction.atomic
def statement_check(
    *,
    statement: Statement,
    expected_version: int | None,
    reasons: Sequence[Mapping[str, str]] = (),
    by: Person,
) -> Statement:
    """Submit a draft for confirmation. Every hard identity must hold and every warning have a reason: `reasons` are
    `key`, `kind` and `text` each. Conflict names the first difference with its figures.
    """
    move = transition(STATEMENT, "check", statement, expected_version=expected_version, by=by)
    row = move.row
    columns = read_columns([row.pk]).get(row.pk, {})
    if not any(columns.values()):
        raise Conflict(_("There are no figures yet."), code="empty")
    _write_reasons(row, reasons, by=by)
    findings = find_problems(row, columns)
    if errors := blocks(findings):
        named = _differences(row, errors)
        if suggest_signs(join_columns(columns, CURRENT_COLUMNS), row.ulp):
            named += _("; with impairment losses (P12, P13) below zero the operating profit holds")
        raise Conflict(named, code="unbalanced")
    if lacking := lacks_reason(findings, row.reasons.values_list("key", flat=True)):
        raise Conflict(
            _("Each warning needs a reason: %(names)s.") % {"names": _differences(row, lacking)}, code="reason"
        )
    row = move.write(checked_by=by, checked_at=clock.now())
    told = {**_told(row, row.lines.count()), "reasons": row.reasons.count()}
    move.record(data=told)
    _ask_second_person(row, by=by)
    return row


@transaction.atomic
def statement_confirm(*, statement: Statement, expected_version: int | None, by: Person) -> Statement:
    """The second person's yes. A corrected set is superseded in the same moment; Conflict when another confirmed set
    of the same client, scope and period is there.
    """
    move = transition(STATEMENT, "confirm", statement, expected_version=expected_version, by=by)
    row = move.row
    if row.replaces_id:
        former = Statement.objects.select_for_update().get(pk=row.replaces_id)
        if former.state == State.CONFIRMED:
            former.state = State.SUPERSEDED
            former.version += 1
            former.save(update_fields=["state", "version"])
            record("statement.superseded", subject=former, by=by, data=_told(former, None))
    try:
        with transaction.atomic():
            row = move.write(confirmed_by=by, confirmed_at=clock.now())
    except IntegrityError as error:
        if "clients_statement_confirmed_once" in str(error):
            raise Conflict(
                _("There is a confirmed set of this scope and period already; correct that one."), code="taken"
            ) from None
        raise
    move.record(data=_told(row, None))
    todo_close(kind=CONFIRM_TODO, subject=row, outcome="confirmed", by=by)
    schedule(kind=FIGURES_CHANGED, subject=row.client, due_at=clock.now())
    return row


@transaction.atomic
def statement_return(*, statement: Statement, reason: str, expected_version: int | None, by: Person) -> Statement:
    """The second person's no with a reason: a draft again."""
    move = transition(STATEMENT, "return", statement, expected_version=expected_version, by=by)
    text = _checked_reason(reason)
    row = _reopen(move)
    move.record(data=_told(row, None), reason=text)
    todo_close(kind=CONFIRM_TODO, subject=row, outcome="returned", by=by)
    return row


@transaction.atomic
def statement_correct(*, statement: Statement, reason: str, expected_version: int | None, by: Person) -> Statement:
    """Start a correction: a draft with the same figures. The confirmed set counts until the correction is confirmed."""
    move = transition(STATEMENT, "correct", statement, expected_version=expected_version, by=by)
    old, text = move.row, _checked_reason(reason)
    same = {name: getattr(old, name) for name in Statement.FACTS}
    try:
        with transaction.atomic():
            row = Statement.objects.create(
                client=old.client, paper=old.paper, replaces=old, reason=text, made_by=by, made_at=clock.now(), **same
            )
    except IntegrityError as error:
        if "clients_statement_one_open_correction" in str(error):
            raise Conflict(_("A correction of these statements is open already."), code="taken") from None
        raise
    lines = list(old.lines.order_by().values_list("code", "column", "value"))
    StatementLine.objects.bulk_create(
        StatementLine(statement=row, code=code, column=column, value=value) for code, column, value in lines
    )
    move.record(data=_told(old, len(lines)), reason=text)
    record("statement.created", subject=row, by=by, after=same, data=_told(row, len(lines)))
    return row


@transaction.atomic
def statement_void(*, statement: Statement, reason: str, expected_version: int | None, by: Person) -> Statement:
    """Declare a set void: one that is not confirmed by who works on the client, a confirmed one by a second person."""
    code = "discard" if statement.confirmed_by_id is None else "void"
    move = transition(STATEMENT, code, statement, expected_version=expected_version, by=by)
    text = _checked_reason(reason)
    row = move.write(reason=text)
    move.record(data=_told(row, None), reason=text)
    todo_close(kind=CONFIRM_TODO, subject=row, outcome="void", by=by)
    return row


def _told(row: Statement, lines: int | None) -> dict[str, Any]:
    return {"client": row.client_id, **({} if lines is None else {"lines": lines})}


def _reopen(move: Transition[Statement], **changes: Any) -> Statement:
    """Write the move to a draft: whoever checked it must do so again."""
    return move.write(checked_by=None, checked_at=None, **changes)


def _differences(row: Statement, findings: Sequence[Any]) -> str:
    """The first three with their figures, in yuan."""
    shown = [
        f"{finding.number} {finding.code}: {finding.stated:,.2f} − {finding.expected:,.2f} = {finding.difference:,.2f}"
        for finding in findings[:3]
    ]
    return _("; ").join(shown)


def _checked_reason(reason: str) -> str:
    text = str(checked(Statement, {"reason": reason})["reason"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    return text


def _checked_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """FACTS as they are stored; BadInput with every field that is wrong or contradicts another."""
    given = checked(Statement, facts, allowed=Statement.FACTS)
    errors: dict[str, list[Text]] = {}
    today, end, months = clock.today(), given["period_end"], given["months"]
    if not 1 <= months <= 12:
        errors["months"] = [_("From 1 to 12.")]
    elif end != end_of_month(end.year, months):
        # The fiscal year is the calendar year, and flows count from 1 January.
        day = end_of_month(end.year, months).isoformat()
        errors["period_end"] = [_("%(months)d months of a year end on %(day)s.") % {"months": months, "day": day}]
    if end > today:
        errors.setdefault("period_end", []).append(_("This period has not ended yet."))
    if given["received_on"] > today or given["received_on"] < end:
        errors["received_on"] = [_("A day from the period end until today.")]
    if not (len(given.get("currency", "CNY")) == 3 and given.get("currency", "CNY").isalpha()):
        errors["currency"] = [_("Three letters, as CNY.")]
    if given.get("opinion", "none") == Statement.Opinion.NONE:
        given = {**given, "auditor": "", "report_no": "", "report_on": None}
    else:
        if not given.get("auditor"):
            errors["auditor"] = [_("Say who audited.")]
        report_on: date | None = given.get("report_on")
        if report_on is not None and not end <= report_on <= today:
            errors["report_on"] = [_("A day from the period end until today.")]
    if errors:
        raise BadInput(errors=errors)
    return given


def _checked_figures(figures: Iterable[Figure]) -> list[Figure]:
    """The figures with missing totals filled in; BadInput names each that is wrong."""
    columns: dict[str, dict[str, Decimal]] = {}
    errors: dict[str, list[Text]] = {}
    for code, column, value in figures:
        line, place = BY_CODE.get(code), f"{code}.{column}"
        if line is None or column not in line.columns:
            errors[place] = [_("There is no such line and column.")]
        elif code in columns.get(column, {}):
            errors[place] = [_("This figure is given twice.")]
        elif not value.is_finite() or abs(value) >= MOST or value != round(value, 2):
            errors[place] = [_("An amount in yuan with at most two decimals.")]
        else:
            columns.setdefault(column, {})[code] = value
    if errors:
        raise BadInput(errors=errors)
    return [
        (code, column, round(value, 2))
        for column, values in columns.items()
        for code, value in complete_totals(values).items()
    ]


def _write_lines(row: Statement, figures: Sequence[Figure]) -> None:
    StatementLine.objects.filter(statement=row).delete()
    StatementLine.objects.bulk_create(
        StatementLine(statement=row, code=code, column=column, value=value) for code, column, value in figures
    )


def _check_unit(row: Statement, figures: Sequence[Figure], *, is_sure: bool) -> None:
    """Ask back where the last confirmed total assets suggest another unit (rules-2 2.8)."""
    assets = next((value for code, column, value in figures if (code, column) == ("A999", "closing")), None)
    if is_sure or assets is None:
        return
    reference = last_assets(row)
    likely = guess_unit((), assets / UNITS[row.unit], reference)[0]
    if reference is None or likely is None or likely == row.unit:
        return
    told = {"now": f"{assets:,.2f}", "before": f"{reference:,.2f}", "unit": Statement.Unit(likely).label}
    raise BadInput(
        _(
            "Total assets would be %(now)s yuan after %(before)s in the last confirmed set: is the unit %(unit)s? "
            "If not, confirm that the unit is right."
        )
        % told,
        field="unit",
        code="unit_doubtful",
    )


def _findings_with_reason(row: Statement) -> dict[str, Any]:
    """The findings that have a reason, by key."""
    keys = set(row.reasons.values_list("key", flat=True))
    return {finding.key: finding for finding in find_problems(row) if finding.key in keys} if keys else {}


def _drop_stale_reasons(row: Statement, before: Mapping[str, Any]) -> None:
    """A reason is for the figures it was given for."""
    if before:
        now = {finding.key: finding for finding in find_problems(row)}
        row.reasons.filter(key__in=[key for key, finding in before.items() if now.get(key) != finding]).delete()


def _write_reasons(row: Statement, reasons: Sequence[Mapping[str, str]], *, by: Person) -> None:
    for given in reasons:
        facts = checked(StatementReason, {name: given.get(name, "") for name in ("key", "kind", "text")})
        if len(facts["text"]) < LEAST:
            raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field=f"reason.{facts['key']}")
        told = {**facts, "given_by": by, "given_at": clock.now()}
        StatementReason.objects.update_or_create(statement=row, key=told.pop("key"), defaults=told)


def _ask_second_person(statement: Statement, *, by: Person) -> None:
    """The nearest head above the client who may confirm has it to do, else a risk assessor who may."""
    heads = people_with_role(Role.DEPARTMENT_HEAD).annotate(
        place=Value(statement.client.department.path), depth=Length("department__path")
    )
    above = heads.filter(place__startswith=F("department__path")).order_by("-depth", "pk")
    others = people_with_role(Role.RISK_ASSESSOR).order_by("pk")
    owner = next((person for person in chain(above, others) if may(person, CONFIRM, statement)), None)
    if owner is None:
        return
    workdays = parameters.value(CONFIRMATION).value["workdays"]
    todo_open(
        kind=CONFIRM_TODO,
        subject=statement,
        owner=owner,
        due_on=add_workdays(clock.today(), workdays).date,
        url=statement.get_absolute_url(),
        data={"client": statement.client.name, "period": statement.period_end.isoformat()},
        by=by,
    )
