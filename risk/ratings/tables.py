"""The list of grades."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import tables
from risk.ratings.models import Rating


def reason_line(rating: Rating) -> str:
    """The grey line under the client's name: the source."""
    return rating.source


class RatingTable(tables.KernelTable):
    """Whose grade, which, from where, until when, who entered and who confirmed it."""

    is_narrow = False

    client = tables.NameColumn(
        verbose_name=_("Client"),
        accessor="kept__client__name",
        order="",
        url=lambda rating: rating.get_absolute_url(),
        second=reason_line,
    )
    grade = tables.GradeColumn(verbose_name=_("Grade"), order="")
    status = tables.BadgeColumn(verbose_name=_("Status"), accessor="shown_status", status="rating", order="")
    entered_by = tables.PersonColumn(verbose_name=_("Entered by"), accessor="kept__entered_by", order="")
    entered_at = tables.DateColumn(verbose_name=_("Entered"), order="entered", phone="hide")
    confirmed_by = tables.PersonColumn(
        verbose_name=_("Confirmed by"), accessor="kept__confirmed_by", order="", phone="hide"
    )
    valid_until = tables.DateColumn(verbose_name=_("Valid until"), order="until", full=True)
