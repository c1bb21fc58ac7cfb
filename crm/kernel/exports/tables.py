"""The list of exports."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.web.tables import (
    BadgeColumn,
    DateColumn,
    KernelTable,
    NameColumn,
    NumberColumn,
    PersonColumn,
    TextColumn,
)


class ExportRunTable(KernelTable):
    """Which list, how many rows, how it stands, until when."""

    title = NameColumn(verbose_name=_("List"), route="exports:export_detail", order="")
    format = TextColumn(verbose_name=_("Format"), order="", phone="bare")
    total = NumberColumn(verbose_name=_("rows"), order="")
    person = PersonColumn(verbose_name=_("ordered by"), order="")
    created_at = DateColumn(verbose_name=_("ordered at"), order="")
    expires_at = DateColumn(verbose_name=_("kept until"), order="", phone="hide")
    state = BadgeColumn(verbose_name=_("Status"), status="export", order="")
