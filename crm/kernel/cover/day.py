from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.cover.selectors import covers_to_confirm
from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers


def waiting_covers(person: Person) -> Iterable[Line]:
    """Covers that wait for the security administrator; the head above hears of each by a notice."""
    if not person.has_role(Role.SECURITY_ADMIN):
        return
    for cover in covers_to_confirm(viewer=person)[:MOST]:
        yield Line(
            kind="cover",
            icon="calendar-user",
            title=_("Confirm the cover of %(person)s by %(deputy)s")
            % {"person": cover.person.name, "deputy": cover.deputy.name},
            note=_("%(letter)s · %(first)s to %(last)s")
            % {
                "letter": cover.letter_no,
                "first": numbers.date_long(cover.starts_on),
                "last": numbers.date_long(cover.ends_on),
            },
            due=cover.starts_on,
            act=_("Open"),
            url=cover.get_absolute_url(),
        )


register(waiting_covers, order=82)
