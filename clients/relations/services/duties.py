"""The to-dos that interactions give: the planned one, its minutes, the next contact. Opened and closed here."""

from datetime import date

from clients.relations.follows import tell_followers
from clients.relations.models import Interaction
from clients.relations.services.contact_plan import update_contact
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open

PLANNED_TODO, MINUTES_TODO, NEXT_TODO = "interaction.planned", "interaction.minutes", "interaction.next"
PROMISE_TODO = "interaction.promise"
MINUTES = "interaction.minutes"


def minutes_due(row: Interaction) -> date:
    """The last day for the minutes: so many working days after the day it was held."""
    day = row.starts_at.astimezone(clock.SHANGHAI).date()
    return add_workdays(day, parameters.value(MINUTES).value["workdays"]).date


def format_appointment(row: Interaction) -> str:
    """When in the day, what for, and where: as work lists say it."""
    starts_at = row.starts_at.astimezone(clock.SHANGHAI)
    return " ".join(filter(None, (f"{starts_at:%H:%M}", str(row), row.place)))


def settle_duties(row: Interaction, *, by: Viewer) -> None:
    """Bring the to-dos of an interaction, and what upper modules keep about it, up to what it is now."""
    tell_followers(row, by=by)
    owner = row.client.owner
    data = {"client": row.client.name, "what": str(row)[:120]}
    if row.state == Interaction.State.PLANNED:
        day = row.starts_at.astimezone(clock.SHANGHAI).date()
        url, data = row.get_absolute_url(), {**data, "what": format_appointment(row)}
        todo_open(kind=PLANNED_TODO, subject=row, owner=row.recorded_by, due_on=day, url=url, data=data, by=by)
    else:
        todo_close(kind=PLANNED_TODO, subject=row, outcome=row.state, by=by)
    if row.lacks_minutes:
        due, url = minutes_due(row), row.get_absolute_url()
        todo_open(kind=MINUTES_TODO, subject=row, owner=row.recorded_by, due_on=due, url=url, data=data, by=by)
    else:
        todo_close(kind=MINUTES_TODO, subject=row, outcome="written", by=by)
    if row.state == Interaction.State.HELD:
        update_contact(row.client, by=by)
    if row.state != Interaction.State.HELD or _is_overtaken(row):
        return
    if row.next_on is None:
        todo_close(kind=NEXT_TODO, subject=row.client, outcome="contacted", by=by)
    else:
        data = {"client": row.client.name, "what": row.next_what}
        url = row.get_absolute_url()
        todo_open(kind=NEXT_TODO, subject=row.client, owner=owner, due_on=row.next_on, url=url, data=data, by=by)


def _is_overtaken(row: Interaction) -> bool:
    """Whether a later interaction of the client was held: the next contact is what that one says."""
    later = Interaction.objects.filter(client=row.client_id, state=Interaction.State.HELD)
    return later.filter(starts_at__gt=row.starts_at).exists()
