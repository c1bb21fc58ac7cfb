"""The list of limits."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import tables
from risk.limits.models import CreditLimit


def source_line(limit: CreditLimit) -> str:
    """The grey line under the client's name: where the need comes from."""
    return limit.source


class CreditLimitTable(tables.KernelTable):
    """Whose limit, how much holds, until when, who proposed it and who decides."""

    is_narrow = False

    client = tables.NameColumn(
        verbose_name=_("Client"),
        accessor="kept__client__name",
        order="",
        url=lambda limit: limit.get_absolute_url(),
        second=source_line,
    )
    grade = tables.GradeColumn(verbose_name=_("Grade"), order="")
    amount = tables.MoneyColumn(verbose_name=_("Limit"), accessor="effective", order="amount")
    status = tables.BadgeColumn(verbose_name=_("Status"), accessor="shown_status", status="credit_limit", order="")
    entered_by = tables.PersonColumn(verbose_name=_("Proposed by"), accessor="kept__entered_by", order="", phone="hide")
    asked_of = tables.PersonColumn(verbose_name=_("Decided by"), accessor="kept__asked_of", order="", phone="hide")
    valid_until = tables.DateColumn(verbose_name=_("Valid until"), order="until", full=True)
