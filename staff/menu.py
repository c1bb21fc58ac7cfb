"""What the staff app adds to the side bar and to the list of new things."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.file.policies import HELPERS
from crm.kernel.access.checks import may
from crm.kernel.people.roles import Role
from crm.kernel.web.menu import Count, MenuItem
from crm.kernel.workdays import clock
from staff.complaints.models import OPEN, Complaint
from staff.complaints.policies import HANDLERS
from staff.kpi.policies import READS_ALL as READS_KPI


def complaints_count(person: Any) -> Count:
    """What this person answers for; for the complaints officer all open ones. Red when a limit has passed."""
    rows = Complaint.objects.visible_to(person).filter(status__in=OPEN)
    if Role.COMPLAINTS_OFFICER not in person.roles:
        rows = rows.filter(responsible_id=person.pk)
    due = list(rows.order_by("due_on").values_list("due_on", flat=True)[:1000])
    return Count(len(due), is_late=bool(due) and due[0] < clock.today())


def reads_kpi(person: Any) -> bool:
    """Whether the person looks at others' results."""
    return bool(person.roles & (READS_KPI | {Role.DEPARTMENT_HEAD}))


def is_measured(person: Any) -> bool:
    """The client department's people start with their own sheet. (Asking for a scheme would cost each page a query.)"""
    return bool(person.roles & HELPERS) and not reads_kpi(person)


# KPI is one entry with two addresses: who leads or audits starts with the table, who is measured with their own sheet.
MENU = [
    MenuItem(
        label=_("Complaints"),
        url_name="staff:complaint_board",
        icon="message-report",
        order=60,
        key="complaints",
        count=complaints_count,
        visible=lambda person: bool(person.roles & (HANDLERS | {Role.AUDITOR, Role.FINAL_APPROVER, Role.BACK_OFFICE})),
    ),
    MenuItem(label=_("KPI"), url_name="staff:kpi_table", icon="chart-bar", order=70, key="kpi", visible=reads_kpi),
    MenuItem(label=_("KPI"), url_name="staff:kpi_mine", icon="chart-bar", order=70, key="kpi", visible=is_measured),
    MenuItem(
        label=_("Declared relations"), url_name="staff:relation_list", icon="users-group", order=80, key="relations"
    ),
]
NEW = [
    MenuItem(
        label=_("Complaint"),
        url_name="staff:complaint_receive",
        icon="message-plus",
        order=60,
        key="new_complaint",
        visible=lambda person: bool(may(person, "create", Complaint)),
    )
]
