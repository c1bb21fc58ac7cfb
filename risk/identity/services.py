"""Changing who a client is once a rating or a project rests on it: one person proposes, another decides."""

from collections.abc import Mapping
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
from clients.file.services import identity_check, identity_write
from clients.file.services.codes import NO_ANSWERS, CodeAnswers
from clients.standing.services import standing_record
from crm.kernel.access.checks import may, permit
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.attachments.services import file_store
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open
from risk.identity.models import IdentityChange
from risk.identity.policies import CONFIRMATION, DECIDE
from risk.identity.workflow import IDENTITY
from risk.ratings.models import Rating
from risk.ratings.services import ratings_lapse

LEAST = 10
FIELDS = ("name", "credit_code", "client_type")
# The to-do of who decides, and what its proposer hears.
CONFIRM, DECIDED = "identity.confirm", "identity.decided"


@transaction.atomic
def identity_propose(
    *,
    client: Client,
    changes: Mapping[str, Any],
    reason: str,
    paper: UploadedFile | File | None,
    expected_version: int | None,
    code_as_on_paper: bool = False,
    by: Person,
) -> IdentityChange:
    """Propose another name, credit code or type (`changes`), with a reason of ten characters and a document.

    `code_as_on_paper`: the document shows exactly this code, although its check character is wrong or it is a valid
    identity number as well.
    By who may edit the client. The client stays as it is until another person decides. RuleRefused: nothing that
    identifies would change, or nothing rests on the client yet; Conflict: a proposal waits, or the code is taken.
    """
    permit(Client, by, CHANGE, pk=client.pk)
    reason = str(checked(IdentityChange, {"reason": reason}, allowed=("reason",))["reason"])
    if len(reason) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    if paper is None:
        raise BadInput(_("Attach the document that shows the change."), field="paper", code="required")
    file = file_store(upload=paper, by=by, field="paper")
    row = permit(Client, by, CHANGE, expected_version=expected_version, lock=True, pk=client.pk)
    if not row.is_identity_bound:
        raise RuleRefused(
            _("This client has no rating and no project: edit its details instead."), code="identity_free"
        )
    former = {name: getattr(row, name) or "" for name in FIELDS}
    answers = CodeAnswers(reason, file, confirms=True) if code_as_on_paper else NO_ANSWERS
    new = {**former, **identity_check(client=row, changes=changes, answers=answers, by=by)}
    if new == former:
        raise RuleRefused(_("Nothing would change."), field="name", code="unchanged")
    try:
        with transaction.atomic():
            change = IdentityChange.objects.create(
                client=row,
                former_name=former["name"],
                former_code=former["credit_code"],
                former_type=former["client_type"],
                reason=reason,
                paper=file,
                proposed_by=by,
                proposed_at=clock.now(),
                **new,
            )
    except IntegrityError:
        raise Conflict(
            _("A change of this client's name, code or type is already waiting."), field="name", code="waiting"
        ) from None
    data = {"client": row.pk, "reason": reason, "sha256": file.sha256}
    _record("client.identity_proposed", change, by=by, before=former, after=new, data=data)
    _ask_decider(change, by=by)
    return change


@transaction.atomic
def identity_confirm(*, change: IdentityChange, by: Person) -> IdentityChange:
    """The second person's yes: the client takes the new identity, its grade ends, its verification falls back.

    Records made before keep the name they were made under. Conflict while a rating of the client waits: it would
    grade somebody else.
    """
    held = transition(IDENTITY, "confirm", change, by=by)
    row = held.row
    client = row.client
    if Rating.objects.filter(client=client, status=Rating.Status.PROPOSED).exists():
        raise Conflict(
            _("A rating of this client is waiting for confirmation: it must be decided first."), code="rating_waiting"
        )
    if (client.name, client.credit_code or "", client.client_type) != (
        row.former_name,
        row.former_code,
        row.former_type,
    ):
        raise Conflict(_("The client has changed since this was proposed: decline it."), code="outdated")
    held.write(**_decision(by))
    answers = CodeAnswers(row.reason, row.paper, confirms=True)
    identity_write(client=client, changes={name: getattr(row, name) for name in FIELDS}, answers=answers, by=by)
    lapsed = ratings_lapse(client=client)
    if lapsed:
        standing_record(
            client=client,
            values={"grade": "", "grade_until": None},
            source=f"identity:{row.pk}",
            as_of=clock.today(),
            by=by,
        )
    data = {"client": client.pk, "replaces": [rating.pk for rating in lapsed]}
    _record(held.move.audit, row, *lapsed, by=by, data=data)
    _tell_proposer(row, by=by)
    return row


@transaction.atomic
def identity_reject(*, change: IdentityChange, reason: str, by: Person) -> IdentityChange:
    """The second person's no, with a reason; the client stays as it was."""
    held = transition(IDENTITY, "reject", change, by=by)
    text = str(checked(IdentityChange, {"decided_reason": reason}, allowed=("decided_reason",))["decided_reason"])
    if len(text) < LEAST // 2:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST // 2}, field="decided_reason")
    held.write(**_decision(by), decided_reason=text)
    _record(held.move.audit, held.row, by=by, reason=text, data={"client": held.row.client_id})
    _tell_proposer(held.row, by=by)
    return held.row


@transaction.atomic
def identity_withdraw(*, change: IdentityChange, by: Person) -> IdentityChange:
    """Its proposer takes it back while nobody has decided; the client stays as it was."""
    held = transition(IDENTITY, "withdraw", change, by=by)
    held.write(decided_at=clock.now())
    _record(held.move.audit, held.row, by=by, data={"client": held.row.client_id})
    todo_close(kind=CONFIRM, subject=held.row, outcome=held.row.status, by=by)
    return held.row


def _ask_decider(change: IdentityChange, *, by: Person) -> None:
    """The nearest head above the client who may decide has it to do, else another who may; nobody where nobody may."""
    rule = parameters.value(CONFIRMATION).value
    heads = people_with_role(Role.DEPARTMENT_HEAD).annotate(
        place=Value(change.client.department.path), depth=Length("department__path")
    )
    above = heads.filter(place__startswith=F("department__path")).order_by("-depth", "pk")
    others = [people_with_role(role).order_by("pk") for role in rule["roles"] if role != Role.DEPARTMENT_HEAD]
    owner = next((person for person in chain(above, *others) if may(person, DECIDE, change)), None)
    if owner is None:
        return
    todo_open(
        kind=CONFIRM,
        subject=change,
        owner=owner,
        due_on=add_workdays(clock.today(), rule["workdays"]).date,
        url=change.get_absolute_url(),
        data={"client": change.former_name, "name": change.name},
        by=by,
    )


def _tell_proposer(change: IdentityChange, *, by: Person) -> None:
    todo_close(kind=CONFIRM, subject=change, outcome=change.status, by=by)
    notify(
        recipient=change.proposed_by,
        kind=DECIDED,
        subject=change,
        url=change.get_absolute_url(),
        data={"client": change.former_name, "status": change.status, "by": by.name},
        due_at=clock.now(),
        by=by,
    )


def _decision(by: Person) -> dict[str, Any]:
    return {"decided_by": by, "decided_at": clock.now()}


def _record(action: str, change: IdentityChange, *others: Rating, by: Person, **what: Any) -> None:
    """An event of the change that binds it; a natural person's name is kept as keyed hash only."""
    sensitive = {"name"} if change.client.is_individual else set()
    record(action, subject=change, by=by, sensitive=sensitive, evidence=(change, *others), **what)
