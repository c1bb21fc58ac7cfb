from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers


def proposed_parameters(person: Person) -> Iterable[Line]:
    """Changes of a threshold: the second administrator's move; who proposed one sees that it still waits."""
    if person.roles.isdisjoint((Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)):
        return
    rows = ParameterVersion.objects.visible_to(person, "withdraw").select_related("parameter", "proposed_by")
    for version in rows.order_by("effective_from", "pk")[:MOST]:
        own = version.proposed_by_id == person.pk
        text = (
            _("Waiting for a second administrator: %(name)s") if own else _("Approve or refuse the proposal: %(name)s")
        )
        yield Line(
            kind="parameter",
            icon="adjustments",
            title=text % {"name": version.parameter.name},
            note=_("proposed by %(person)s · in force from %(day)s")
            % {"person": version.proposed_by or "", "day": numbers.date_long(version.effective_from)},
            due=version.effective_from,
            act=_("Open"),
            url=reverse("admin:kernel_parameterversion_change", args=[version.pk]),
            is_reading=own,
        )


register(proposed_parameters, order=80)
