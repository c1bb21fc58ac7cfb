"""The list of cash-flow models."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.web import tables
from projects.cashflow.models import CashflowModel


def client_line(row: CashflowModel) -> Any:
    """The grey line under the project."""
    return row.project.client.name


class CashflowTable(tables.KernelTable):
    """One row per version: which project, how well its cash covers the debt, where it stands."""

    name = tables.NameColumn(
        verbose_name=_("Project"),
        accessor="title",
        second=client_line,
        needs=("project__name", "project__client__name"),
        order="",
    )
    number = tables.TextColumn(verbose_name=pgettext_lazy("cash-flow model", "version"), order="", phone="hide")
    revenue_type = tables.TextColumn(
        verbose_name=_("revenue type"),
        accessor="get_revenue_type_display",
        needs=("revenue_type",),
        order="",
        phone="hide",
    )
    min_dscr = tables.TextColumn(verbose_name=_("lowest DSCR"), order="cover")
    verdict = tables.BadgeColumn(verbose_name=_("verdict"), status="cashverdict", order="", phone="hide")
    state = tables.BadgeColumn(verbose_name=_("Status"), status="cashflow", order="")

    def render_min_dscr(self, value: Any) -> str:
        """A multiple with two decimals."""
        return f"{value:.2f}×".replace("-", "−")
