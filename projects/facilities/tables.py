"""The list of facilities in force."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import tables
from projects.facilities.models import Facility


def client_line(facility: Facility) -> Any:
    """The grey line under the name."""
    return facility.client.name


class FacilityTable(tables.KernelTable):
    """One row per facility: what, for whom, how much of it is outstanding, until when, where it stands."""

    name = tables.NameColumn(verbose_name=_("Facility in force"), second=client_line, needs=("client__name",), order="")
    contract_no = tables.CodeColumn(verbose_name=_("contract number"), order="", phone="hide")
    kind = tables.TextColumn(
        verbose_name=_("Kind"), accessor="get_kind_display", needs=("kind",), order="", phone="bare"
    )
    amount = tables.MoneyColumn(verbose_name=_("contract amount"), scale="wan")
    outstanding = tables.MoneyColumn(verbose_name=_("outstanding"), scale="wan", order="")
    as_of = tables.DateColumn(verbose_name=_("as of"), order="", phone="hide")
    matures_on = tables.DateColumn(verbose_name=_("matures on"), order="matures", phone="hide")
    state = tables.BadgeColumn(verbose_name=_("Status"), status="facility", order="")
