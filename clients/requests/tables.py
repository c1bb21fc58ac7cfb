"""The list of client requests."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.requests.models import ServiceRequest
from crm.kernel.web import tables


def client_line(row: ServiceRequest) -> Any:
    """The grey line under the words."""
    return row.client.name


class RequestTable(tables.KernelTable):
    """One row per request: what, of whom, when, until when, who handles it, where it stands."""

    name = tables.NameColumn(
        verbose_name=_("Request"), accessor="title", needs=("words", "client__name"), second=client_line, order=""
    )
    kind = tables.TextColumn(
        verbose_name=pgettext_lazy("request", "Class"),
        accessor="get_kind_display",
        needs=("kind",),
        order="",
        phone="hide",
    )
    asked_at = tables.DateColumn(verbose_name=pgettext_lazy("request", "Asked at"), order="asked")
    answer_by = tables.DateColumn(verbose_name=pgettext_lazy("request", "First answer due"), order="due", phone="hide")
    owner = tables.PersonColumn(verbose_name=pgettext_lazy("request", "Handled by"), order="")
    state = tables.BadgeColumn(
        verbose_name=_("Status"),
        status="request",
        accessor="shown_state",
        needs=("state", "answered_at", "answer_by"),
        order="",
    )
