from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.workdays import clock
from staff.kpi.models import KpiPeriod, KpiScheme
from staff.kpi.selectors.seen import closing_from


def quarter_to_close(person: Person) -> Iterable[Line]:
    """The oldest quarter whose days for objections are over, for who closes quarters. Nobody else costs a query."""
    rows = KpiPeriod.objects.visible_to(person, "close").filter(ends_on__lt=clock.today())
    period = rows.order_by("starts_on").first()
    if period is None:
        return
    objections = closing_from(period)
    if objections.date >= clock.today():
        return
    yield Line(
        kind="kpi",
        icon="lock",
        title=_("Close KPI quarter %(code)s") % {"code": period.code},
        note=_("objections were possible until %(day)s") % {"day": numbers.date_long(objections.date)},
        # No rule says until when: no clock runs.
        due=None,
        act=_("Close…"),
        url=reverse("staff:kpi_close", args=[period.pk]),
    )


def proposed_schemes(person: Person) -> Iterable[Line]:
    """Schemes that wait: the second person's move; who proposed one sees that it still waits."""
    rows = KpiScheme.objects.visible_to(person, "withdraw").select_related("post", "proposed_by")
    for scheme in rows.order_by("effective_from", "pk")[:MOST]:
        own = scheme.proposed_by_id == person.pk
        text = _("Waiting for a second person: %(what)s") if own else _("Publish or withdraw: %(what)s")
        yield Line(
            kind="kpi",
            icon="list-details",
            title=text % {"what": _("KPI scheme of %(post)s") % {"post": scheme.post.name}},
            note=_("proposed by %(person)s · in force from %(day)s")
            % {"person": scheme.proposed_by, "day": numbers.date_long(scheme.effective_from)},
            due=scheme.effective_from,
            act=_("Open"),
            url=reverse("staff:kpi_scheme", args=[scheme.pk]),
            is_reading=own,
        )


register(quarter_to_close, order=100)
register(proposed_schemes, order=110)
