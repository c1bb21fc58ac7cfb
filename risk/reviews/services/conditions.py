"""What becomes of the conditions of an approved case: reported as met, then settled by a second person.

Whose move it is is a to-do. It needs a day, so a condition whose due is in words only opens none until it is reported.
"""

from itertools import chain

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from crm.kernel.access.checks import check_version, get_visible, may, require
from crm.kernel.access.errors import BadInput, Conflict
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open
from risk.reviews.models import CaseStatus, Condition, ReviewCase

MEET, SETTLE = "risk.condition_meet", "risk.condition_settle"
LEAST = 5
# To settle one is to check what somebody else says: it takes as long as a re-check.
SLA = "review.sla_workdays"
VERDICTS = (Condition.Status.MET, Condition.Status.WAIVED, Condition.Status.OPEN)


@transaction.atomic
def condition_report(*, condition: Condition, evidence: str, expected_version: int | None, by: Person) -> Condition:
    """Say how a condition is met, or why it need not be. By who is responsible, the account manager or a co-manager.

    Said again before it is settled it replaces what was said. Conflict unless it binds an approved case and is not
    settled; Stale, PreconditionRequired by the version; BadInput for too short a text.
    """
    row = _held(condition, by, "report", expected_version)
    text = _text(row, "evidence", evidence)
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="evidence")
    row.status, row.reported_by, row.reported_at, row.evidence = Condition.Status.TO_VERIFY, by, clock.now(), text
    row.settled_by, row.settled_at, row.reason = None, None, ""
    _write(row, "reported_by", "reported_at", "evidence", "settled_by", "settled_at", "reason")
    todo_close(kind=MEET, subject=row, outcome="reported", by=by)
    _ask_settler(row, by)
    after = {"status": row.status, "evidence": text}
    record("condition.reported", subject=row, by=by, data={"case": row.case.number}, after=after)
    return row


@transaction.atomic
def condition_settle(
    *, condition: Condition, verdict: str, reason: str = "", expected_version: int | None, by: Person
) -> Condition:
    """Say that a reported condition is `met`, `waived` or `open` again, the last two with a reason. By a second person.

    Conflict unless it was reported; Stale, PreconditionRequired by the version; BadInput names verdict or reason.
    """
    row = _held(condition, by, "settle", expected_version)
    if verdict not in VERDICTS:
        raise BadInput(_("Choose one of: %(codes)s.") % {"codes": ", ".join(VERDICTS)}, field="verdict")
    text = _text(row, "reason", reason)
    if verdict != Condition.Status.MET and not text:
        raise BadInput(_("Give the reason in a few words."), field="reason")
    if row.status != Condition.Status.TO_VERIFY:
        raise Conflict(_("This condition has not been reported as met yet."), code="unreported")
    row.status, row.settled_by, row.settled_at, row.reason = verdict, by, clock.now(), text
    _write(row, "settled_by", "settled_at", "reason")
    todo_close(kind=SETTLE, subject=row, outcome=verdict, by=by)
    _ask_responsible(row, by)
    after = {"status": verdict, "reason": text}
    record("condition.settled", subject=row, by=by, data={"case": row.case.number}, after=after)
    return row


def ask_responsible(case: ReviewCase, *, by: Person) -> None:
    """The case is approved: its conditions are to be met by their day."""
    for row in Condition.objects.filter(case=case, status=Condition.Status.OPEN, due_on__isnull=False):
        row.case = case
        _ask_responsible(row, by)


def _held(condition: Condition, by: Person, action: str, expected_version: int | None) -> Condition:
    """The condition under its lock, if `by` may do `action` to it and it has still to be met."""
    row = get_visible(Condition, by, lock=True, pk=condition.pk)
    require(by, action, row)
    check_version(row, expected_version)
    if row.case.status != CaseStatus.APPROVED:
        raise Conflict(_("The case of this condition is not approved."), code="not_approved")
    if not row.is_unsettled:
        status = {"status": row.get_status_display()}
        raise Conflict(_("This condition is closed: %(status)s.") % status, code="settled")
    return row


def _text(row: Condition, name: str, value: str) -> str:
    return str(checked(type(row), {name: value}, allowed=(name,))[name])


def _write(row: Condition, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=["status", *fields, "version"])


def _ask_responsible(row: Condition, by: Person) -> None:
    """Who is responsible, as long as they see the condition; else the account manager has to see to it."""
    if row.status != Condition.Status.OPEN or row.due_on is None:
        return
    sees = Condition.objects.visible_to(row.owner).filter(pk=row.pk).exists()
    owner = row.owner if sees else row.case.project.client.owner
    todo_open(
        kind=MEET, subject=row, owner=owner, due_on=row.due_on, url=_address("report", row), data=_words(row), by=by
    )


def _ask_settler(row: Condition, by: Person) -> None:
    """The nearest head above the client who may settle it, else a risk assessor; nobody to ask where nobody may."""
    heads = people_with_role(Role.DEPARTMENT_HEAD).annotate(
        place=Value(row.case.project.client.department.path), depth=Length("department__path")
    )
    above = heads.filter(place__startswith=F("department__path")).order_by("-depth", "pk")
    able = chain(above, people_with_role(Role.RISK_ASSESSOR).order_by("pk"))
    owner = next((person for person in able if may(person, "settle", row)), None)
    if owner is None:
        todo_close(kind=SETTLE, subject=row, outcome="nobody", by=by)
        return
    due_on = add_workdays(clock.today(), int(parameters.value(SLA).value["recheck"])).date
    todo_open(
        kind=SETTLE, subject=row, owner=owner, due_on=due_on, url=_address("settle", row), data=_words(row), by=by
    )


def _address(act: str, row: Condition) -> str:
    return reverse(f"risk:condition_{act}", args=[row.pk])


def _words(row: Condition) -> dict[str, str]:
    return {"number": row.case.number, "text": Truncator(row.text).chars(80)}
