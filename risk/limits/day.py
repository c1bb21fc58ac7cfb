from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from risk.limits.selectors import waiting_for


def limits_to_decide(person: Person) -> Iterable[Line]:
    """Limits that this approver was asked for."""
    if not person.has_role(Role.FINAL_APPROVER):
        return
    rows = waiting_for(viewer=person).select_related("entered_by")
    for limit in rows.only("amount", "client__name", "entered_by__name")[:MOST]:
        yield Line(
            kind="rating",
            icon="gauge",
            title=_("Decide the credit limit %(amount)s") % {"amount": numbers.money_auto(limit.amount)},
            note=_("%(client)s · proposed by %(person)s")
            % {"client": limit.client.name, "person": limit.entered_by.name},
            due=None,
            act=_("Decide"),
            url=limit.get_absolute_url(),
        )


register(limits_to_decide, order=37)
