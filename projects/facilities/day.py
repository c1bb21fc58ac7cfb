from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from projects.facilities.models import Facility
from projects.facilities.selectors import facilities_to_judge


def facilities_waiting(person: Person) -> Iterable[Line]:
    """Facilities, and settlements of such, that wait for the second person."""
    if not person.has_role(Role.RISK_ASSESSOR, Role.DEPARTMENT_HEAD):
        return
    for facility in facilities_to_judge(viewer=person)[:MOST]:
        is_new = facility.state == Facility.State.ENTERED
        text = _("Confirm the facility in force: %(client)s") if is_new else _("Confirm the settlement: %(client)s")
        who = facility.kept.entered_by if is_new else facility.kept.settlement_by
        yield Line(
            kind="facility",
            icon="building-bank",
            title=text % {"client": facility.client.name},
            note=_("%(number)s · %(amount)s · entered by %(person)s")
            % {"number": facility.contract_no, "amount": numbers.money_auto(facility.amount), "person": who.name},
            due=None,
            act=_("Confirm"),
            url=facility.get_absolute_url(),
        )


register(facilities_waiting, order=36)
