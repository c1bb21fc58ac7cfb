"""The list of the committee's meetings."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import tables


class MeetingTable(tables.KernelTable):
    """Which meeting, when, where, kept by whom, with how many cases."""

    number = tables.NameColumn(
        verbose_name=_("Meeting"),
        url=lambda meeting: meeting.get_absolute_url(),
        order="",
        needs=("number",),
    )
    place = tables.TextColumn(verbose_name=_("Place or link"), order="", phone="hide")
    held_on = tables.DateColumn(verbose_name=_("Day"), order="day", full=True)
    cases = tables.NumberColumn(verbose_name=_("Cases"), order="")
    secretary = tables.PersonColumn(
        verbose_name=_("Secretary"),
        accessor="kept__secretary",
        order="",
        phone="hide",
        needs=("kept_words", "secretary"),
    )
    status = tables.BadgeColumn(verbose_name=_("Status"), status="meeting", order="")
