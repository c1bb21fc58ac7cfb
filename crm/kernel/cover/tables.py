"""The register of covers."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.web.tables import BadgeColumn, CodeColumn, DateColumn, KernelTable, NameColumn, PersonColumn, TextColumn


class CoverTable(KernelTable):
    """Who is covered by whom, from when to when, under which letter."""

    is_narrow = False

    person = NameColumn(verbose_name=_("person who is covered"), order="")
    deputy = PersonColumn(verbose_name=_("deputy"), order="")
    kind = TextColumn(verbose_name=_("reason for the cover"), accessor="get_kind_display", order="")
    starts_on = DateColumn(verbose_name=_("first day"), order="first")
    ends_on = DateColumn(verbose_name=_("last day"), order="last")
    letter_no = CodeColumn(verbose_name=_("letter number"), order="")
    standing = BadgeColumn(verbose_name=_("Status"), status="cover", order="")
