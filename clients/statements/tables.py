"""The list of financial statements."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.statements.models import Statement
from crm.kernel.web import tables


def client_line(row: Statement) -> Any:
    """The grey line under the name."""
    return row.client.name


class StatementTable(tables.KernelTable):
    """One row per set: which period and scope of whom, how audited, when received, where it stands."""

    name = tables.NameColumn(
        verbose_name=_("Financial statements"),
        accessor="title",
        needs=("period_end", "scope", "client__name"),
        second=client_line,
        order="period",
    )
    months = tables.TextColumn(verbose_name=_("months of the year"), order="", phone="hide")
    opinion = tables.TextColumn(
        verbose_name=_("audit opinion"), accessor="get_opinion_display", needs=("opinion",), order="", phone="hide"
    )
    received_on = tables.DateColumn(verbose_name=_("received on"), order="", phone="hide")
    state = tables.BadgeColumn(verbose_name=_("Status"), status="statement", order="")
