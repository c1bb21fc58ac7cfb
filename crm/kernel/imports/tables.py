"""The list of imports."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.web.tables import BadgeColumn, DateColumn, KernelTable, NameColumn, NumberColumn, PersonColumn


class ImportRunTable(KernelTable):
    """Which file, how many rows, how it stands."""

    file = NameColumn(verbose_name=_("file"), order="")
    total = NumberColumn(verbose_name=_("rows"), order="")
    person = PersonColumn(verbose_name=_("imported by"), order="")
    created_at = DateColumn(verbose_name=_("uploaded at"), order="")
    state = BadgeColumn(verbose_name=_("Status"), status="import", order="")
