"""The list of instalments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import tables
from projects.servicing.models import Instalment


def client_line(row: Instalment) -> Any:
    """The grey line under the project."""
    return row.plan.contract.project.client.name


class InstalmentTable(tables.KernelTable):
    """One row per instalment: of which contract, when it is due, how much of it is paid, where it stands."""

    name = tables.NameColumn(
        verbose_name=_("Contract"),
        accessor="plan__contract__project__name",
        second=client_line,
        needs=("plan__contract__project__name", "plan__contract__project__client__name", "plan__contract__id"),
        order="",
    )
    number = tables.CodeColumn(
        verbose_name=_("contract number"), accessor="plan__contract__number", order="", phone="hide"
    )
    due_on = tables.DateColumn(verbose_name=_("due on"), order="due", full=True)
    owed_principal = tables.MoneyColumn(verbose_name=_("principal due"), scale="wan", order="", phone="hide")
    owed_interest = tables.MoneyColumn(verbose_name=_("interest due"), scale="wan", order="", phone="hide")
    paid = tables.MoneyColumn(verbose_name=_("paid"), scale="wan", order="", phone="hide")
    open = tables.MoneyColumn(verbose_name=_("unpaid"), scale="wan", order="")
    standing = tables.BadgeColumn(verbose_name=_("Status"), status="instalment", order="")
