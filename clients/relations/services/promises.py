"""What was promised to clients: one to-do each, kept or dropped once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.relations.models import Interaction, Promise
from clients.relations.policies import SETTLE, WORK
from clients.relations.rules.timing import FURTHEST
from clients.relations.services.duties import PROMISE_TODO
from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, Conflict, Text
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_close, todo_open

LEAST = 2
OUTCOMES = (Promise.State.KEPT, Promise.State.DROPPED)


@transaction.atomic
def promise_add(*, interaction: Interaction, what: str, owner: Person, due_on: date, by: Person) -> Promise:
    """Promise something as part of an interaction; its owner, who must see the client, has it to do until the day."""
    rows = Interaction.objects.select_related("client")
    row = permit(Interaction, by, WORK, lock=True, rows=rows, pk=interaction.pk)
    return _write_promise(row, {"what": what, "owner": owner, "due_on": due_on}, prefix="", by=by)


def write_promises(row: Interaction, promises: Sequence[Mapping[str, Any]], *, most: int, by: Person) -> list[Promise]:
    """Write the promises of a locked interaction, `what`, `owner` and `due_on` each. BadInput names what is wrong."""
    if len(promises) > most:
        raise BadInput(_("At most %(most)d promises.") % {"most": most}, field="promises")
    return [_write_promise(row, given, prefix="promise_", by=by) for given in promises]


@transaction.atomic
def promise_settle(*, promise: Promise, state: str, outcome: str, by: Person) -> Promise:
    """A promise was kept or dropped; `outcome` says how, the client's side of it. Conflict when it is settled."""
    rows = Promise.objects.select_related("interaction__client")
    row = permit(Promise, by, SETTLE, lock=True, rows=rows, pk=promise.pk)
    if row.state != Promise.State.OPEN:
        raise Conflict(_("This promise is settled already."), code="state")
    if state not in OUTCOMES:
        raise BadInput(_("Kept or dropped."), field="state")
    text = str(checked(Promise, {"outcome": outcome})["outcome"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="outcome")
    row.state, row.outcome, row.settled_at = state, text, clock.now()
    row.save(update_fields=["state", "outcome", "settled_at"])
    todo_close(kind=PROMISE_TODO, subject=row, outcome=state, by=by)
    told = {"interaction": row.interaction_id, "client": row.interaction.client_id}
    record("promise.settled", subject=row, by=by, after={"state": state, "outcome": text}, data=told)
    return row


def _write_promise(row: Interaction, given: Mapping[str, Any], *, prefix: str, by: Person) -> Promise:
    """One promise; `prefix` stands before the names of its fields in a refusal."""
    owner, errors = given["owner"], dict[str, list[Text]]()
    facts = checked(Promise, {"what": given["what"], "due_on": given["due_on"]})
    if len(facts["what"]) < LEAST:
        errors[f"{prefix}what"] = [_("At least %(least)d characters.") % {"least": LEAST}]
    if not clock.today() <= facts["due_on"] <= clock.today() + FURTHEST:
        errors[f"{prefix}due_on"] = [_("A day from today on, at most two years ahead.")]
    if not owner.is_active or not Client.objects.visible_to(owner).filter(pk=row.client_id).exists():
        errors[f"{prefix}owner"] = [_("Only somebody who works here and may view this client.")]
    if errors:
        raise BadInput(errors=errors)
    promise = Promise.objects.create(interaction=row, owner=owner, **facts)
    todo_open(
        kind=PROMISE_TODO,
        subject=promise,
        owner=owner,
        due_on=promise.due_on,
        url=row.get_absolute_url(),
        data={"client": row.client.name, "what": promise.what},
        by=by,
    )
    told = {"interaction": row.pk, "client": row.client_id}
    after = {"what": promise.what, "owner": owner.pk, "due_on": promise.due_on}
    record("promise.made", subject=promise, by=by, after=after, data=told)
    return promise
