"""The side bar: every app's entries, gathered here because only the roof knows all apps."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients import menu as clients
from crm.home.day.selectors import my_day
from crm.home.jobs.policies import LOOKERS
from crm.home.trail.policies import READERS
from crm.kernel.notify.selectors import unread_count
from crm.kernel.web.menu import Count, Figure, MenuItem, register, register_admin, register_figure
from projects import menu as projects
from risk import menu as risk
from staff import menu as staff


def _waiting(person: Any) -> Count:
    day = my_day(person=person)
    return Count(day.all, is_late=day.late > 0)


def _audits(person: Any) -> bool:
    return bool(person.roles & READERS)


def _unread(person: Any) -> Count:
    number, is_escalation = unread_count(viewer=person)
    return Count(number, is_late=is_escalation)


def _looks(person: Any) -> bool:
    return bool(person.roles & LOOKERS)


MENU = [
    MenuItem(label=_("My day"), url_name="home:my_day", icon="sun", order=10, key="home", count=_waiting, phone=True),
    MenuItem(
        label=_("Audit trail"), url_name="home:audit_list", icon="history", order=90, key="audit", visible=_audits
    ),
    MenuItem(label=_("Jobs"), url_name="home:jobs", icon="clock-play", order=92, key="jobs", visible=_looks),
    MenuItem(label=_("Administration"), url_name="admin:index", icon="settings", order=95, key="admin"),
]

SECTIONS = [
    (
        _("Reviews"),
        [
            MenuItem(label=_("Waiting for me"), url_name="admin:risk_reviewcase_changelist", icon="rubber-stamp"),
            MenuItem(label=_("Decisions"), url_name="admin:risk_decision_changelist", icon="checks"),
            MenuItem(label=_("Conditions"), url_name="admin:risk_condition_changelist", icon="checklist"),
            MenuItem(label=_("Grades"), url_name="admin:risk_rating_changelist", icon="star"),
        ],
    ),
    (
        _("KPI"),
        [
            MenuItem(label=_("KPI results"), url_name="admin:staff_kpiresult_changelist", icon="chart-bar"),
            MenuItem(label=_("KPI quarters"), url_name="admin:staff_kpiperiod_changelist", icon="lock"),
            MenuItem(label=_("KPI schemes"), url_name="admin:staff_kpischeme_changelist", icon="list-details"),
            MenuItem(label=_("KPI corrections"), url_name="admin:staff_kpicorrection_changelist", icon="pencil"),
        ],
    ),
    (
        _("Files"),
        [
            MenuItem(label=_("Clients"), url_name="admin:clients_client_changelist", icon="building"),
            MenuItem(label=_("Contacts"), url_name="admin:clients_contact_changelist", icon="address-book"),
            MenuItem(label=_("Standing"), url_name="admin:clients_standingfact_changelist", icon="chart-line"),
            MenuItem(label=_("Projects"), url_name="admin:projects_project_changelist", icon="folders"),
            MenuItem(label=_("Documents"), url_name="admin:projects_projectdocument_changelist", icon="files"),
        ],
    ),
    (
        _("Complaints"),
        [
            MenuItem(label=_("Complaints"), url_name="admin:staff_complaint_changelist", icon="message-report"),
            MenuItem(label=_("Extensions"), url_name="admin:staff_extension_changelist", icon="hourglass"),
            MenuItem(label=_("Events"), url_name="admin:staff_complaintevent_changelist", icon="history"),
            MenuItem(
                label=_("Declared relations"), url_name="admin:staff_declaredrelation_changelist", icon="users-group"
            ),
        ],
    ),
    (
        _("Parameters"),
        [
            MenuItem(label=_("Parameters"), url_name="admin:kernel_parameter_changelist", icon="adjustments"),
            MenuItem(
                label=_("Changes by two people"),
                url_name="admin:kernel_parameterversion_changelist",
                icon="checklist",
            ),
            MenuItem(label=_("Working calendar"), url_name="admin:kernel_calendarday_changelist", icon="calendar"),
        ],
    ),
    (
        _("People and rights"),
        [
            MenuItem(label=_("People"), url_name="admin:kernel_person_changelist", icon="users"),
            MenuItem(label=_("Posts"), url_name="admin:kernel_post_changelist", icon="id-badge-2"),
            MenuItem(label=_("Departments"), url_name="admin:kernel_department_changelist", icon="sitemap"),
            MenuItem(label=_("Roles and grants"), url_name="admin:kernel_rolegrant_changelist", icon="shield-check"),
            MenuItem(label=_("Accounts"), url_name="admin:kernel_account_changelist", icon="user"),
            MenuItem(label=_("API keys"), url_name="admin:kernel_apikey_changelist", icon="key"),
        ],
    ),
    (
        _("Running"),
        [
            MenuItem(label=_("Audit trail"), url_name="home:audit_list", icon="history", visible=_audits),
            MenuItem(label=_("Jobs"), url_name="home:jobs", icon="clock-play", visible=_looks),
            MenuItem(
                label=_("Deliveries"), url_name="admin:kernel_dueitem_changelist", icon="mail-forward", visible=_looks
            ),
        ],
    ),
]


def gather() -> None:
    """Register all entries; called once when the roof is ready."""
    for app in (clients, projects, risk, staff):
        register(getattr(app, "MENU", ()), new=getattr(app, "NEW", ()))
    register(MENU)
    register_figure(Figure("bell", _unread))
    register_admin(SECTIONS)
