"""What becomes of the conditions of an approved case: reported as met, then settled by a second person.

Whose move it is is a to-do. It needs a day, so a condition whose due is in words only opens none until it is reported.
"""

from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may
from crm.kernel.access.errors import BadInput, Conflict
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import Check, Move, Workflow, transition
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
    moving = transition(MOVES, "report", condition, by=by, expected_version=expected_version)
    row = moving.row
    text = _text(row, "evidence", evidence)
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="evidence")
    unsettled = {"settled_by": None, "settled_at": None, "reason": ""}
    moving.write(reported_by=by, reported_at=clock.now(), evidence=text, **unsettled)
    todo_close(kind=MEET, subject=row, outcome="reported", by=by)
    _ask_settler(row, by)
    moving.record(data={"case": row.case.number}, after={"status": row.status, "evidence": text})
    return row


@transaction.atomic
def condition_settle(
    *, condition: Condition, verdict: str, reason: str = "", expected_version: int | None, by: Person
) -> Condition:
    """Say that a reported condition is `met`, `waived` or `open` again, the last two with a reason. By a second person.

    Conflict unless it was reported; Stale, PreconditionRequired by the version; BadInput names verdict or reason.
    """
    moving = transition(MOVES, "settle", condition, by=by, expected_version=expected_version)
    row = moving.row
    if verdict not in VERDICTS:
        raise BadInput(_("Choose one of: %(codes)s.") % {"codes": ", ".join(VERDICTS)}, field="verdict")
    text = _text(row, "reason", reason)
    if verdict != Condition.Status.MET and not text:
        raise BadInput(_("Give the reason in a few words."), field="reason")
    if row.status != Condition.Status.TO_VERIFY:
        raise Conflict(_("This condition has not been reported as met yet."), code="unreported")
    moving.write(to=verdict, settled_by=by, settled_at=clock.now(), reason=text)
    todo_close(kind=SETTLE, subject=row, outcome=verdict, by=by)
    _ask_responsible(row, by)
    moving.record(data={"case": row.case.number}, after={"status": verdict, "reason": text})
    return row


def ask_responsible(case: ReviewCase, *, by: Person) -> None:
    """The case is approved: its conditions are to be met by their day."""
    for row in Condition.objects.filter(case=case, status=Condition.Status.OPEN, due_on__isnull=False):
        row.case = case
        _ask_responsible(row, by)


def _refuse_unapproved(row: Condition, by: Any) -> Conflict | None:
    """It binds an approved case only."""
    if row.case.status == CaseStatus.APPROVED:
        return None
    return Conflict(_("The case of this condition is not approved."), code="not_approved")


def _refuse_settled(row: Condition, move: Move) -> Conflict:
    """A second person has closed it, or it does not bind."""
    return Conflict(_("This condition is closed: %(status)s.") % {"status": row.get_status_display()}, code="settled")


MOVES = Workflow(
    model=Condition,
    moves=(
        Move(
            "report", Condition.UNSETTLED, Condition.Status.TO_VERIFY, audit="condition.reported", guards=("approved",)
        ),
        # It leads to whatever the second person says.
        Move("settle", Condition.UNSETTLED, audit="condition.settled", guards=("approved",)),
    ),
    checks=(Check.PERMITTED, Check.VERSION, Check.GUARDS, Check.STATE),
    guards={"approved": _refuse_unapproved},
    refuse_state=_refuse_settled,
)


def _text(row: Condition, name: str, value: str) -> str:
    return str(checked(type(row), {name: value}, allowed=(name,))[name])


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
