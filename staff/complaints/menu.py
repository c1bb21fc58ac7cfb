from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.declarations.menu import AdminSection, Count, MenuItem, register, register_admin, register_new
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from staff.complaints.models import OPEN, Complaint
from staff.complaints.policies import HANDLERS

READERS = HANDLERS | {Role.AUDITOR, Role.FINAL_APPROVER, Role.BACK_OFFICE}


def count_open(person: Person) -> Count:
    """What this person answers for; for the complaints officer all open ones. Red when a limit has passed."""
    rows = Complaint.objects.visible_to(person).filter(status__in=OPEN)
    if Role.COMPLAINTS_OFFICER not in person.roles:
        rows = rows.filter(responsible_id=person.pk)
    due = list(rows.order_by("due_on").values_list("due_on", flat=True)[:1000])
    return Count(len(due), is_late=bool(due) and due[0] < clock.today())


def reads(person: Person) -> bool:
    """Whether complaints have an entry for this person."""
    return bool(person.roles & READERS)


def may_receive(person: Person) -> bool:
    """Whether the person may enter complaints."""
    return bool(may(person, "create", Complaint))


register(
    MenuItem(
        _("Complaints"),
        "staff:complaint_board",
        icon="message-report",
        order=60,
        key="complaints",
        count=count_open,
        visible=reads,
    ),
    MenuItem(_("Declared relations"), "staff:relation_list", icon="users-group", order=80, key="relations"),
)
register_new(
    MenuItem(
        _("Complaint"),
        "staff:complaint_receive",
        icon="message-plus",
        order=60,
        key="new_complaint",
        visible=may_receive,
    )
)
register_admin(
    AdminSection(_("Complaints"), order=40),
    MenuItem(_("Complaints"), "admin:staff_complaint_changelist", icon="message-report", order=10),
    MenuItem(_("Extensions"), "admin:staff_extension_changelist", icon="hourglass", order=20),
    MenuItem(_("Claims of interest"), "admin:staff_complaintclaim_changelist", icon="user-off", order=25),
    MenuItem(_("Reviews of handling"), "admin:staff_complaintrecheck_changelist", icon="refresh", order=27),
    MenuItem(_("Events"), "admin:staff_complaintevent_changelist", icon="history", order=30),
    MenuItem(_("Declared relations"), "admin:staff_declaredrelation_changelist", icon="users-group", order=40),
)
