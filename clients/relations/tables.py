"""The list of interactions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.relations.models import Interaction
from crm.kernel.web import tables


def client_line(row: Interaction) -> Any:
    """The grey line under the name."""
    return row.client.name


class InteractionTable(tables.KernelTable):
    """One row per interaction: what, with whom, when, how, recorded by whom, where it stands."""

    name = tables.NameColumn(
        verbose_name=_("Interaction"),
        accessor="title",
        needs=("purpose", "words", "kind", "client__name"),
        second=client_line,
        order="",
    )
    starts_at = tables.DateColumn(verbose_name=_("Time"), order="starts")
    kind = tables.TextColumn(
        verbose_name=_("Kind"), accessor="get_kind_display", needs=("kind",), order="", phone="bare"
    )
    next_on = tables.DateColumn(verbose_name=_("next contact on"), order="", phone="hide")
    recorded_by = tables.PersonColumn(verbose_name=_("recorded by"), order="", phone="hide")
    state = tables.BadgeColumn(verbose_name=_("Status"), status="interaction", order="")
