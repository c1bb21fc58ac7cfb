"""The list of contracts."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import tables
from projects.funding.models import Contract


def client_line(contract: Contract) -> Any:
    """The grey line under the project."""
    return contract.project.client.name


class ContractTable(tables.KernelTable):
    """One row per contract: which project, how much of it is drawn, until when, where it stands."""

    name = tables.NameColumn(
        verbose_name=_("Contract"),
        accessor="project__name",
        second=client_line,
        needs=("project__name", "project__client__name"),
        order="",
    )
    number = tables.CodeColumn(verbose_name=_("contract number"), order="", phone="hide")
    amount = tables.MoneyColumn(verbose_name=_("contract amount"), scale="wan")
    drawn = tables.MoneyColumn(verbose_name=_("drawn"), scale="wan", order="")
    undrawn = tables.MoneyColumn(verbose_name=_("undrawn"), scale="wan", order="", phone="hide")
    available_until = tables.DateColumn(verbose_name=_("available until"), order="", phone="hide")
    matures_on = tables.DateColumn(verbose_name=_("matures on"), order="matures", phone="hide")
    state = tables.BadgeColumn(verbose_name=_("Status"), status="contract", order="")
