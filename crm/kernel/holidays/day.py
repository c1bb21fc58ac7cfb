from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.policies import RELEASING
from crm.kernel.people.models import Person


def waiting_notices(person: Person) -> Iterable[Line]:
    """A calendar that waits for its release: the second administrator's move; who entered it sees that it waits."""
    if person.roles.isdisjoint(RELEASING):
        return
    for notice in HolidayNotice.objects.visible_to(person, "withdraw").select_related("entered_by")[:MOST]:
        own = notice.entered_by_id == person.pk
        text = (
            _("Waiting for a second administrator: working calendar of %(year)d")
            if own
            else _("Release or refuse the working calendar of %(year)d")
        )
        yield Line(
            kind="holidays",
            icon="calendar",
            title=text % {"year": notice.year},
            note=_("%(number)s · entered by %(person)s") % {"number": notice.number, "person": notice.entered_by},
            due=None,
            act=_("Open"),
            url=reverse("admin:kernel_holidaynotice_change", args=[notice.pk]),
        )


register(waiting_notices, order=81)
