from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from risk.ratings.models import Rating
from risk.ratings.selectors import renewals_due


def grades_to_confirm(person: Person) -> Iterable[Line]:
    """Grades another assessor entered."""
    if not person.has_role(Role.RISK_ASSESSOR):
        return
    rows = Rating.objects.visible_to(person, "confirm").select_related("client", "entered_by").order_by("entered_at")
    rows = rows.only("grade", "client__name", "entered_by__name")
    for rating in rows[:MOST]:
        yield Line(
            kind="rating",
            icon="star",
            title=_("Confirm rating %(grade)s") % {"grade": rating.grade},
            note=_("%(client)s · entered by %(person)s")
            % {"client": rating.client.name, "person": rating.entered_by.name},
            due=None,
            act=_("Confirm"),
            url=rating.get_absolute_url(),
        )


def expiring_grades(person: Person) -> Iterable[Line]:
    """Grades that end soon or have ended: of one's own clients, or of all for who rates them."""
    rates = person.has_role(Role.RISK_ASSESSOR)
    rows = renewals_due(viewer=person, is_own=not rates)
    shown = ("name", "owner__name", "standing__grade", "standing__grade_until")
    for client in rows.only(*shown)[:MOST]:
        standing = client.standing
        title = _("Renew the rating (%(grade)s until %(day)s)") if rates else _("Rating %(grade)s expires on %(day)s")
        yield Line(
            kind="rating",
            icon="star",
            title=title % {"grade": standing.grade, "day": numbers.date_long(standing.grade_until)},
            note=_("%(client)s · account manager %(owner)s") % {"client": client.name, "owner": client.owner.name},
            due=standing.grade_until,
            act=_("Enter a rating") if rates else _("Open client"),
            url=client.get_absolute_url(),
            act_url=reverse("risk:rating_create", args=[client.pk]) if rates else "",
            is_reading=not rates,
        )


register(grades_to_confirm, order=30)
register(expiring_grades, order=40)
