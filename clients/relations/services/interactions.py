"""Recording, planning, holding, cancelling and correcting interactions; minutes and notes added to them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from clients.relations.models import Interaction, InteractionNote, Participant
from clients.relations.rules.timing import find_contradictions
from clients.relations.services.duties import MINUTES, settle_duties
from clients.relations.services.promises import write_promises
from clients.relations.workflow import INTERACTION
from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, Text
from crm.kernel.access.inputs import checked, text_problem
from crm.kernel.access.policies import Viewer
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

RULES = "interaction.rules"
WHEN = ("kind", "purpose", "starts_at", "ends_at", "place", "link")
FACTS = (*WHEN, *Interaction.TEXTS, *Interaction.NEXT)
State = Interaction.State
LEAST = 2
SIDES = ("people", "contacts", "guests")


@transaction.atomic
def interaction_record(
    *,
    client: Client,
    state: str = State.HELD,
    people: Sequence[Person] = (),
    contacts: Sequence[Contact] = (),
    guests: Sequence[str] = (),
    promises: Sequence[Mapping[str, Any]] = (),
    by: Person,
    **facts: Any,
) -> Interaction:
    """Record an interaction that was held, or plan one (`state` planned). By who works on the client.

    `facts`: FACTS; without `starts_at` it is now. `people`: ours besides who records; `contacts` of the client;
    `guests`: names of others. `promises`: a mapping with `what`, `owner`, `due_on` each. BadInput names what is wrong.
    """
    row = permit(Client, by, CHANGE, lock=True, pk=client.pk)
    rules = _read_rules()
    given = _checked({"kind": "", "starts_at": clock.now(), **facts}, state=state, rules=rules)
    lines = _list_participants(row, [by, *people], contacts, guests, most=rules["participants"])
    interaction = _create(row, state, given, lines, recorded_by=by)
    write_promises(interaction, promises, most=rules["promises"], by=by)
    settle_duties(interaction, by=by)
    act = "interaction.recorded" if state == State.HELD else "interaction.planned"
    record(act, subject=interaction, by=by, after={**given, **_named(lines)}, data={"client": row.pk})
    return interaction


@transaction.atomic
def interaction_arrange(
    *, client: Client, people: Sequence[Person] = (), contacts: Sequence[Contact] = (), by: Viewer, **facts: Any
) -> Interaction:
    """Plan an interaction that a series asks for: its account manager holds it. NotPermitted: a job does this."""
    if not by.is_system:
        raise NotPermitted
    row = Client.objects.select_for_update(of=("self",)).select_related("owner").get(pk=client.pk)
    rules = _read_rules()
    given = _checked(facts, state=State.PLANNED, rules=rules)
    lines = _list_participants(row, [row.owner, *people], contacts, (), most=rules["participants"])
    interaction = _create(row, State.PLANNED, given, lines, recorded_by=row.owner)
    settle_duties(interaction, by=by)
    after = {**given, **_named(lines)}
    record("interaction.planned", subject=interaction, by=by, after=after, data={"client": row.pk})
    return interaction


@transaction.atomic
def interaction_hold(
    *,
    interaction: Interaction,
    expected_version: int | None,
    promises: Sequence[Mapping[str, Any]] = (),
    by: Person,
    **facts: Any,
) -> Interaction:
    """A planned interaction was held: `facts` (FACTS, and the lists `people`, `contacts`, `guests`) say what came of
    it; what they leave out stays as planned. Conflict unless it is planned.
    """
    move = transition(INTERACTION, "hold", interaction, expected_version=expected_version, by=by)
    row, rules = move.row, _read_rules()
    sides = {name: facts.pop(name) for name in SIDES if name in facts}
    given = _checked({**_present(row), **facts}, state=State.HELD, rules=rules)
    row.held_at = clock.now()
    before = _write(row, given)
    were, are = _change_participants(row, sides, most=rules["participants"], by=by)
    write_promises(row, promises, most=rules["promises"], by=by)
    return _finish(move, {**given, **are}, {**before, **were}, by=by)


@transaction.atomic
def interaction_correct(
    *, interaction: Interaction, changes: Mapping[str, Any], expected_version: int | None, by: Person
) -> Interaction:
    """Correct FACTS and participants (`people`, `contacts`, `guests`, each list as a whole); by who recorded it.

    A planned one until it is held; a held one within the days of `interaction.rules` (Conflict `too_late` after that).
    """
    move = transition(INTERACTION, "correct", interaction, expected_version=expected_version, by=by)
    row, rules = move.row, _read_rules()
    if not may_still_correct(row, rules):
        raise Conflict(
            _("The correction period of %(days)d days is over; add a note instead.") % {"days": rules["correct_days"]},
            code="too_late",
        )
    facts = {name: value for name, value in changes.items() if name not in SIDES}
    # A day that was agreed and has come since is not judged anew.
    kept = {} if set(facts) & set(Interaction.NEXT) else {"next_on": None, "next_what": ""}
    given = _checked({**_present(row), **facts, **kept}, state=row.state, rules=rules)
    for name in kept:
        given.pop(name, None)
    before = _write(row, given)
    sides = {name: value for name, value in changes.items() if name in SIDES}
    were, are = _change_participants(row, sides, most=rules["participants"], by=by)
    return _finish(move, {**given, **are}, {**before, **were}, by=by)


@transaction.atomic
def interaction_cancel(
    *, interaction: Interaction, reason: str, expected_version: int | None, by: Person
) -> Interaction:
    """A planned interaction does not take place; Conflict unless it is planned."""
    move = transition(INTERACTION, "cancel", interaction, expected_version=expected_version, by=by)
    text = str(checked(Interaction, {"cancelled_reason": reason})["cancelled_reason"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    move.row.cancelled_reason = text
    return _finish(move, {}, {}, by=by, reason=text)


@transaction.atomic
def minutes_write(
    *,
    interaction: Interaction,
    words: str,
    needs: str = "",
    decisions: str = "",
    expected_version: int | None,
    by: Person,
) -> Interaction:
    """Write the minutes of a held interaction that has none yet; Conflict otherwise. No later correction period ends
    them: the to-do does.
    """
    move = transition(INTERACTION, "minutes", interaction, expected_version=expected_version, by=by)
    given = checked(Interaction, {"words": words, "needs": needs, "decisions": decisions})
    if len(given["words"]) < LEAST:
        raise BadInput(_("Write what was said."), field="words", code="required")
    return _finish(move, given, _write(move.row, given), by=by)


@transaction.atomic
def note_add(*, interaction: Interaction, text: str, by: Person) -> InteractionNote:
    """Add to what was recorded; the record itself stays as it is."""
    move = transition(INTERACTION, "note", interaction, by=by)
    given = checked(InteractionNote, {"text": text})
    if len(given["text"]) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="text")
    note = InteractionNote.objects.create(interaction=move.row, added_by=by, added_at=clock.now(), **given)
    move.record(after=given, data={"client": move.row.client_id})
    return note


def may_still_correct(row: Interaction, rules: Mapping[str, Any] | None = None) -> bool:
    """Whether it may still be corrected: a planned one, or a held one within the days of the parameter."""
    if not INTERACTION.is_possible("correct", row):
        return False
    if row.held_at is None:
        return True
    days = (rules or _read_rules())["correct_days"]
    return clock.now() <= row.held_at + timedelta(days=days)


def _create(
    client: Client, state: str, given: Mapping[str, Any], lines: Sequence[Participant], *, recorded_by: Person
) -> Interaction:
    row = Interaction(client=client, state=state, recorded_by=recorded_by, recorded_at=clock.now(), **given)
    row.held_at = clock.now() if state == State.HELD else None
    row.save(force_insert=True)
    _write_participants(row, lines)
    return row


def _read_rules() -> dict[str, Any]:
    return dict(parameters.value(RULES).value)


def _present(row: Interaction) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}


def _checked(given: Mapping[str, Any], *, state: str, rules: Mapping[str, Any]) -> dict[str, Any]:
    """FACTS as they are stored; BadInput with every field that is wrong or contradicts another."""
    facts = checked(Interaction, given, allowed=FACTS)
    errors: dict[str, list[Text]] = {}
    if state not in (State.PLANNED, State.HELD):
        errors["state"] = [_("Planned or held.")]
    now = clock.now().astimezone(clock.SHANGHAI)
    found = find_contradictions(facts, state=state, now=now, back_days=rules["back_days"])
    errors |= {name: [reason] for name, reason in found.items()}
    if state == State.PLANNED and not facts.get("purpose"):
        errors["purpose"] = [_("Say what it is planned for.")]
    later = facts["kind"] in parameters.value(MINUTES).value["kinds"]
    if state == State.HELD and not facts.get("words") and not later:
        errors["words"] = [_("Write what was said.")]
    if facts.get("link") and facts["kind"] != Interaction.Kind.ONLINE:
        errors["link"] = [_("Only an online meeting has a link.")]
    if errors:
        raise BadInput(errors=errors)
    return facts


def _list_participants(
    client: Client, people: Sequence[Person], contacts: Sequence[Contact], guests: Sequence[str], *, most: int
) -> list[Participant]:
    """One unsaved row for each who takes part, nobody twice; BadInput naming the list that is wrong."""
    ours = list({person.pk: person for person in people}.values())
    theirs = list({contact.pk: contact for contact in contacts}.values())
    if len(ours) + len(theirs) + len(guests) > most:
        raise BadInput(_("At most %(most)d participants.") % {"most": most}, field="guests" if guests else "people")
    if left := [person.name for person in ours if not person.is_active]:
        raise BadInput(_("%(name)s no longer works here.") % {"name": left[0]}, field="people")
    foreign = next((contact for contact in theirs if contact.client_id != client.pk), None)
    if foreign is not None:
        # As if it did not exist: that somebody else has such a contact is not to be learned here.
        raise BadInput(_("There is no entry with the number %(number)d.") % {"number": foreign.pk}, field="contacts")
    names = [str(name).strip() for name in guests]
    for name in filter(None, names):
        if len(name) > 60 or text_problem(name, lines=False):
            raise BadInput(_("Each name has at most 60 characters."), field="guests")
    return [
        *(Participant(person=person, name=person.name) for person in ours),
        *(Participant(contact=contact, name=contact.name, title=contact.title) for contact in theirs),
        *(Participant(name=name) for name in dict.fromkeys(filter(None, names))),
    ]


def _write_participants(row: Interaction, lines: Sequence[Participant]) -> None:
    for line in lines:
        line.interaction = row
    Participant.objects.bulk_create(lines)


def _change_participants(
    row: Interaction, sides: Mapping[str, Any], *, most: int, by: Person
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Replace the lists that `sides` names; who took part before and who does now, empty when none is named."""
    if not sides:
        return {}, {}
    present = list(row.participants.select_related("person", "contact"))
    chosen = {**_sides(present, by), **sides}
    lines = _list_participants(row.client, [by, *chosen["people"]], chosen["contacts"], chosen["guests"], most=most)
    row.participants.all().delete()
    _write_participants(row, lines)
    return _named(present), _named(lines)


def _sides(lines: Sequence[Participant], by: Person) -> dict[str, list[Any]]:
    """The participants by list, as they were given."""
    return {
        "people": [line.person for line in lines if line.person is not None and line.person_id != by.pk],
        "contacts": [line.contact for line in lines if line.contact is not None],
        "guests": [line.name for line in lines if line.person_id is None and line.contact_id is None],
    }


def _named(lines: Sequence[Participant]) -> dict[str, Any]:
    """Who took part, by key where there is one: an audit row tells no contact's name."""
    return {
        "people": [line.person_id for line in lines if line.person_id],
        "contacts": [line.contact_id for line in lines if line.contact_id],
        "guests": sum(not (line.person_id or line.contact_id) for line in lines),
    }


def _write(row: Interaction, given: Mapping[str, Any]) -> dict[str, Any]:
    """Set what was given; what stood there before."""
    before = {name: getattr(row, name) for name in given}
    for name, value in given.items():
        setattr(row, name, value)
    return before


def _finish(
    move: Transition[Interaction], after: dict[str, Any], before: dict[str, Any], *, by: Person, reason: str = ""
) -> Interaction:
    """Save the next version in the state the act leads to, bring its to-dos up to date, record what changed."""
    row = move.row
    row.state = move.move.target or row.state
    row.version += 1
    row.save()
    settle_duties(row, by=by)
    changed = [name for name, value in after.items() if before.get(name) != value]
    move.record(
        before={name: before.get(name) for name in changed},
        after={name: after[name] for name in changed},
        data={"client": row.client_id},
        reason=reason,
    )
    return row
