"""What people do about one period: arrange its meeting, or say why it was not held."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients.relations.models import Interaction
from clients.relations.services import interaction_cancel, interaction_record
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.series.models import Series, SeriesPeriod
from projects.series.services.alarms import close_todos
from projects.series.workflow import PERIOD

LEAST = 5


@transaction.atomic
def period_arrange(*, period: SeriesPeriod, starts_at: datetime, by: Person) -> SeriesPeriod:
    """Arrange the meeting of a period anew, after the former one was cancelled or none was possible. By who works on
    the client. RuleRefused: outside the period; Conflict: a meeting of it is planned or was held.
    """
    held = transition(PERIOD, "arrange", period, by=by)
    row = held.row
    meeting = row.appointment
    if meeting is not None and meeting.state != Interaction.State.CANCELLED:
        raise Conflict(_("The meeting of this period is planned or was held."), code="arranged")
    if not row.first_on <= starts_at.astimezone(clock.SHANGHAI).date() <= row.last_on:
        words = {"first": row.first_on, "last": row.last_on}
        raise RuleRefused(_("From %(first)s until %(last)s.") % words, field="starts_at", code="outside")
    series, members = row.series, list(row.series.members.select_related("person", "contact"))
    row.appointment = interaction_record(
        client=series.client,
        state=Interaction.State.PLANNED,
        kind=Series.MEETS_AS[series.kind],
        purpose=series.title,
        starts_at=starts_at,
        place=series.place,
        people=[one.person for one in members if one.person is not None and one.person.is_active],
        contacts=[one.contact for one in members if one.contact is not None],
        by=by,
    )
    held.write("appointment", meet_on=starts_at.astimezone(clock.SHANGHAI).date())
    held.record(data={"client": series.client_id, "period": row.first_on}, subject=series)
    return row


@transaction.atomic
def period_explain(*, period: SeriesPeriod, reason: str, by: Person) -> SeriesPeriod:
    """Say why the meeting of a period was not held: nothing alarms any more, the words stay; what is still planned is
    cancelled with them. Conflict: it was held, or is still to come.
    """
    held = transition(PERIOD, "explain", period, by=by)
    row = held.row
    text = str(checked(SeriesPeriod, {"explanation": reason})["explanation"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    if not row.level:
        raise Conflict(_("Its meeting is not overdue."), code="not_overdue")
    held.write(explanation=text, explained_at=clock.now(), level=SeriesPeriod.Level.NONE)
    close_todos(row, outcome="explained", by=by)
    meeting = row.appointment
    if meeting is not None and meeting.state == Interaction.State.PLANNED:
        interaction_cancel(interaction=meeting, reason=text, expected_version=meeting.version, by=by)
    held.record(data={"client": row.series.client_id, "period": row.first_on}, reason=text, subject=row.series)
    return row
