"""The list of series."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import html, tables
from projects.series.models import Series


def client_line(series: Series) -> Any:
    """The grey line under the subject."""
    return series.client.name


class NowColumn(tables.KernelColumn):
    """How the meeting of today's period stands; a missed one first."""

    draws_record = True

    def render(self, value: Any, record: Series) -> Any:
        periods = record.shown  # type: ignore[attr-defined]
        red = next((one for one in periods if one.state == "red"), None)
        found = red or (periods[0] if periods else None)
        return html.badge("period", found.state) if found is not None else "—"


class SeriesTable(tables.KernelTable):
    """One row per series: what, with whom, how often, how its meeting stands."""

    name = tables.NameColumn(
        verbose_name=_("Series of meetings"),
        accessor="title",
        second=client_line,
        needs=("title", "client__name"),
        order="",
    )
    kind = tables.TextColumn(
        verbose_name=_("Kind"), accessor="get_kind_display", needs=("kind",), order="", phone="bare"
    )
    project = tables.TextColumn(
        verbose_name=_("Project"), accessor="project__name", needs=("project__name",), order="", phone="hide"
    )
    owner = tables.PersonColumn(verbose_name=_("Account manager"), accessor="client__owner", order="", phone="hide")
    started_on = tables.DateColumn(verbose_name=_("since"), order="started", phone="hide")
    state = tables.BadgeColumn(verbose_name=_("Status"), status="series", needs=("ended_on",), order="", phone="hide")
    now = NowColumn(verbose_name=_("Meeting now"), accessor="pk", needs=("kind",), order="")
