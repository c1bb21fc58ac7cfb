"""The list of warnings: how bad, whose client, what happened, how far it is, until when."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.text import numbers
from crm.kernel.web import html
from crm.kernel.web.tables import BadgeColumn, KernelColumn, KernelTable, NameColumn, PersonColumn, TextColumn
from crm.kernel.workdays import clock
from risk.indicators import selectors
from risk.indicators.models import WarningEpisode
from risk.indicators.selectors.explain import sentence


def what_happened(warning: WarningEpisode) -> str:
    """The grey line under the client's name: the sentence and the day."""
    day = numbers.date_short(warning.opened_on, clock.today())
    return f"{sentence(warning)} · {day}"


def progress(warning: WarningEpisode) -> str:
    """How far it is, in words."""
    if not warning.is_open:
        return _("closed")
    if warning.responded_at is not None:
        return _("responded, waiting for a second person to close")
    if warning.recovered_on is not None:
        return _("back to normal, waiting for a second person to close")
    if warning.escalated_on is not None:
        return _("no response, escalated")
    return _("waiting for a response")


class _DueColumn(KernelColumn):
    """Working days left and the day; drawn by the table, which has read the calendar."""

    kind = "tag"
    phone_default = "bare"


class WarningTable(KernelTable):
    """How bad, whose client, what happened, who is responsible, until when."""

    # The sentence under the name reads the evidence, which differs from one indicator to the next.
    is_narrow = False
    level = BadgeColumn(verbose_name=gettext_lazy("Level"), accessor="shown_level", status="warning", order="")
    client = NameColumn(
        verbose_name=gettext_lazy("Client"),
        accessor="kept__client__name",
        order="",
        url=lambda row: row.get_absolute_url(),
        second=what_happened,
    )
    indicator = TextColumn(verbose_name=gettext_lazy("Indicator"), order="", phone="hide")
    owner = PersonColumn(verbose_name=gettext_lazy("Responsible"), order="", note=progress)
    due_on = _DueColumn(verbose_name=gettext_lazy("Due"), order="due", empty_values=())

    def __init__(self, rows: Sequence[WarningEpisode]) -> None:
        super().__init__(rows)
        self.left = selectors.days_left(rows, clock.today())

    def render_due_on(self, record: WarningEpisode) -> Any:
        left = self.left.get(record.pk)
        if left is None:
            return html.nothing()
        day = numbers.date_short(record.due_on, clock.today())
        badge = html.deadline(left, provisional=record.due_provisional)
        return format_html('{}<span class="sec">{}</span>', badge, day)
