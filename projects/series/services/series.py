"""Starting, changing and ending a series."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from clients.relations.models import Interaction
from clients.relations.services import interaction_cancel
from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, Conflict, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from projects.deals.models import Project
from projects.series.models import Series, SeriesMember, SeriesPeriod
from projects.series.rules import rhythm
from projects.series.services.alarms import close_todos
from projects.series.services.layout import lay_out, read_rhythms
from projects.series.workflow import SERIES

FACTS = ("title", "weekday", "at", "place", "agenda")
LEAST, MOST = 2, 40


@transaction.atomic
def series_start(
    *,
    client: Client,
    kind: str,
    project: Project | None = None,
    people: Sequence[Person] = (),
    contacts: Sequence[Contact] = (),
    by: Person,
    **facts: Any,
) -> Series:
    """Start a series with a client, of one of its projects or of none; by who works on the client.

    `facts`: FACTS. `people` and `contacts` must be there. Its first meetings are in the calendar at once. BadInput
    names what is wrong; Conflict: one of this kind is running.
    """
    row = permit(Client, by, CHANGE, lock=True, pk=client.pk)
    given = checked(Series, {"kind": kind, **facts}, allowed=("kind", *FACTS))
    _refuse_contradictions(row, given, people, contacts)
    if project is not None and project.client_id != row.pk:
        raise BadInput(_("The project belongs to another client."), field="project")
    try:
        with transaction.atomic():
            series = Series.objects.create(client=row, project=project, started_on=clock.today(), **given)
    except IntegrityError as error:
        if "projects_series_one_of_a_kind" in str(error):
            raise Conflict(_("A series of this kind is running already."), field="kind", code="taken") from None
        raise
    _write_members(series, people, contacts)
    told = {"client": row.pk, **_named(people, contacts)}
    record("series.started", subject=series, by=by, after=given, data=told)
    today = clock.today()
    calendar = calendar_between(today, rhythm.horizon(rhythm.YEARLY, today))
    lay_out(series, rhythms=read_rhythms(), calendar=calendar)
    return series


@transaction.atomic
def series_change(*, series: Series, changes: Mapping[str, Any], expected_version: int | None, by: Person) -> Series:
    """Change FACTS and who must be there (`people`, `contacts`, each list as a whole). Meetings that are arranged stay
    as they are; the next ones follow. Conflict once it has ended.
    """
    held = transition(SERIES, "change", series, expected_version=expected_version, by=by)
    row = held.row
    members = list(row.members.select_related("person", "contact"))
    people = changes.get("people", [one.person for one in members if one.person is not None])
    contacts = changes.get("contacts", [one.contact for one in members if one.contact is not None])
    facts = {name: value for name, value in changes.items() if name not in ("people", "contacts")}
    given = checked(Series, {**{name: getattr(row, name) for name in FACTS}, **facts}, allowed=FACTS)
    _refuse_contradictions(row.client, {"kind": row.kind, **given}, people, contacts)
    before = {name: getattr(row, name) for name in given}
    held.write(**given)
    row.members.all().delete()
    _write_members(row, people, contacts)
    changed = [name for name in given if before[name] != given[name]]
    held.record(
        before={name: before[name] for name in changed},
        after={name: given[name] for name in changed},
        data={"client": row.client_id, **_named(people, contacts)},
    )
    return row


@transaction.atomic
def series_end(*, series: Series, reason: str, expected_version: int | None, by: Person) -> Series:
    """End it with a reason: planned meetings are cancelled with it, what it asks to do is closed."""
    held = transition(SERIES, "end", series, expected_version=expected_version, by=by)
    text = str(checked(Series, {"ended_reason": reason})["ended_reason"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    row = held.write(ended_on=clock.today(), ended_reason=text)
    for period in row.periods.select_related("appointment"):
        close_todos(period, outcome="ended", by=by)
        meeting = period.appointment
        if meeting is not None and meeting.state == Interaction.State.PLANNED:
            interaction_cancel(interaction=meeting, reason=text, expected_version=meeting.version, by=by)
    SeriesPeriod.objects.filter(series=row).exclude(level="").update(level="")
    held.record(data={"client": row.client_id}, reason=text)
    return row


def _refuse_contradictions(
    client: Client, given: Mapping[str, Any], people: Sequence[Person], contacts: Sequence[Contact]
) -> None:
    """BadInput with every field that contradicts another."""
    errors: dict[str, list[Text]] = {}
    is_weekly = given["kind"] == Series.Kind.WEEKLY
    if len(given["title"]) < LEAST:
        errors["title"] = [_("At least %(least)d characters.") % {"least": LEAST}]
    if is_weekly and given.get("weekday") is None:
        errors["weekday"] = [_("Say on which weekday it meets.")]
    if not is_weekly and given.get("weekday") is not None:
        errors["weekday"] = [_("Only a weekly meeting has a weekday.")]
    if len(people) + len(contacts) > MOST:
        errors["people"] = [_("At most %(most)d participants.") % {"most": MOST}]
    if left := [person.name for person in people if not person.is_active]:
        errors["people"] = [_("%(name)s no longer works here.") % {"name": left[0]}]
    elif given["kind"] in Series.DIALOGUES and not any(person.pk != client.owner_id for person in people):
        errors["people"] = [_("Name the executive who takes part.")]
    foreign = next((contact for contact in contacts if contact.client_id != client.pk), None)
    if foreign is not None:
        # As if it did not exist: that somebody else has such a contact is not to be learned here.
        errors["contacts"] = [_("There is no entry with the number %(number)d.") % {"number": foreign.pk}]
    if errors:
        raise BadInput(errors=errors)


def _write_members(series: Series, people: Sequence[Person], contacts: Sequence[Contact]) -> None:
    ours = {person.pk: SeriesMember(series=series, person=person) for person in people}
    theirs = {contact.pk: SeriesMember(series=series, contact=contact) for contact in contacts}
    SeriesMember.objects.bulk_create([*ours.values(), *theirs.values()])


def _named(people: Sequence[Person], contacts: Sequence[Contact]) -> dict[str, Any]:
    """Who must be there, by key: an audit row tells no contact's name."""
    return {"people": [person.pk for person in people], "contacts": [contact.pk for contact in contacts]}
