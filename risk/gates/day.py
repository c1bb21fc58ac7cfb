from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from risk.gates.selectors.texts import label_of
from risk.gates.selectors.waivers import waiting_for


def waivers_to_decide(person: Person) -> Iterable[Line]:
    """Waivers that this person was asked for."""
    if not person.has_role(Role.FINAL_APPROVER):
        return
    for waiver in waiting_for(viewer=person).only("gate", "asked_by_name", "project__name")[:MOST]:
        yield Line(
            kind="project",
            icon="rubber-stamp",
            title=_("Decide on the waiver: %(gate)s") % {"gate": label_of(waiver.gate)},
            note=_("%(project)s · asked by %(person)s")
            % {"project": waiver.project.name, "person": waiver.asked_by_name},
            due=None,
            act=_("Decide"),
            url=waiver.get_absolute_url(),
        )


register(waivers_to_decide, order=36)
