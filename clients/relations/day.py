from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from clients.relations.models import Interaction
from clients.relations.services.duties import format_appointment
from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock


def appointments(person: Person) -> Iterable[Line]:
    """Today's planned interactions in which the person takes part. Who planned one has a to-do of it."""
    start = clock.now().astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Interaction.objects.visible_to(person).filter(participants__person=person.pk)
    rows = rows.filter(state=Interaction.State.PLANNED, starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
    for row in rows.exclude(recorded_by=person.pk).select_related("client").order_by("starts_at", "id")[:MOST]:
        yield Line(
            kind="interaction",
            icon="calendar-event",
            title=_("%(client)s: %(what)s") % {"client": row.client.name, "what": format_appointment(row)},
            note=row.get_kind_display(),
            due=clock.today(),
            act=_("Open"),
            url=row.get_absolute_url(),
            is_reading=True,
        )


register(appointments, order=110)
