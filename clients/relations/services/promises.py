"""What was promised to clients: one to-do each, kept or dropped once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.relations.models import Interaction, Promise
from clients.relations.rules.timing import FURTHEST
from clients.relations.services.duties import PROMISE_TODO
from clients.relations.workflow import INTERACTION, PROMISE
from crm.kernel.access.errors import BadInput, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_close, todo_open

LEAST = 2
OUTCOMES = (Promise.State.KEPT, Promise.State.DROPPED)


@transaction.atomic
def promise_add(*, interaction: Interaction, what: str, owner: Person, due_on: date, by: Person) -> Promise:
    """Promise something as part of an interaction; its owner, who must see the client, has it to do until the day."""
    row = transition(INTERACTION, "promise", interaction, by=by).row
    return _write_promise(row, {"what": what, "owner": owner, "due_on": due_on}, by=by)


def write_promises(row: Interaction, promises: Sequence[Mapping[str, Any]], *, most: int, by: Person) -> list[Promise]:
    """Write the promises of a locked interaction, `what`, `owner` and `due_on` each. BadInput names the fields that are
    wrong by place, the first `promises.0.what`.
    """
    if len(promises) > most:
        raise BadInput(_("At most %(most)d promises.") % {"most": most}, field="promises")
    written = []
    for place, given in enumerate(promises):
        try:
            written.append(_write_promise(row, given, by=by))
        except BadInput as refusal:
            errors = {f"promises.{place}.{name}": texts for name, texts in refusal.errors.items()}
            raise BadInput(errors=errors) from None
    return written


@transaction.atomic
def promise_settle(*, promise: Promise, state: str, outcome: str, by: Person) -> Promise:
    """A promise was kept or dropped; `outcome` says how, the client's side of it. Conflict when it is settled."""
    move = transition(PROMISE, "settle", promise, by=by)
    if state not in OUTCOMES:
        raise BadInput(_("Kept or dropped."), field="state")
    text = str(checked(Promise, {"outcome": outcome})["outcome"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="outcome")
    row = move.write(to=state, outcome=text, settled_at=clock.now())
    todo_close(kind=PROMISE_TODO, subject=row, outcome=state, by=by)
    told = {"interaction": row.interaction_id, "client": row.interaction.client_id}
    move.record(after={"state": state, "outcome": text}, data=told)
    return row


def _write_promise(row: Interaction, given: Mapping[str, Any], *, by: Person) -> Promise:
    owner, errors = given["owner"], dict[str, list[Text]]()
    facts = checked(Promise, {"what": given["what"], "due_on": given["due_on"]})
    if len(facts["what"]) < LEAST:
        errors["what"] = [_("At least %(least)d characters.") % {"least": LEAST}]
    if not clock.today() <= facts["due_on"] <= clock.today() + FURTHEST:
        errors["due_on"] = [_("A day from today on, at most two years ahead.")]
    if not owner.is_active or not Client.objects.visible_to(owner).filter(pk=row.client_id).exists():
        errors["owner"] = [_("Only somebody who works here and may view this client.")]
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
