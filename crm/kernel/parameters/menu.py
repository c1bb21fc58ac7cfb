from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import AdminSection, MenuItem, register_admin

register_admin(
    AdminSection(_("Parameters"), order=50),
    MenuItem(_("Parameters"), "admin:kernel_parameter_changelist", icon="adjustments", order=10),
    MenuItem(_("Two-person changes"), "admin:kernel_parameterversion_changelist", icon="checklist", order=20),
    MenuItem(_("Working calendar"), "admin:kernel_calendarday_changelist", icon="calendar", order=30),
    MenuItem(_("Holiday notices"), "admin:kernel_holidaynotice_changelist", icon="calendar", order=40),
)
