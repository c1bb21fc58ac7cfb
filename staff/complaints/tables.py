"""The table of complaints."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.web import tables
from staff.complaints.models import Complaint


def second_line(complaint: Complaint) -> str:
    """The grey line under the number: whose and about what."""
    client = complaint.kept.client if getattr(complaint, "names_client", False) else None
    return " · ".join(filter(None, [client.name if client else complaint.client_code, complaint.title]))


class ComplaintTable(tables.KernelTable):
    """Number and matter, class, stage, who answers, since when, until when, how many days are left."""

    # The second line names the client only to those who may see it.
    is_narrow = False

    number = tables.NameColumn(
        verbose_name=_("Complaint"), order="", route="staff:complaint_detail", second=second_line
    )
    grade = tables.BadgeColumn(verbose_name=_("Class"), status="complaint", order="")
    status = tables.BadgeColumn(verbose_name=_("Stage"), status="complaint_stage", order="")
    responsible = tables.PersonColumn(verbose_name=_("Responsible"), accessor="kept__responsible", order="")
    received_on = tables.DateColumn(verbose_name=_("Received"), order="received")
    due_on = tables.DateColumn(verbose_name=_("Legal limit"), order="due")
    days_left = tables.DeadlineColumn(verbose_name=_("Remaining"), statutory=True, order="")
