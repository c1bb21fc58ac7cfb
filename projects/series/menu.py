from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES, sees_clients
from clients.relations.menu import may_record
from crm.kernel.declarations.menu import MenuItem, register, register_admin, register_new

register(
    MenuItem(
        _("Series of meetings"),
        "projects:series_list",
        icon="refresh",
        order=25,
        key="series",
        visible=sees_clients,
    )
)
register_new(MenuItem(_("Start a series"), "projects:series_create", icon="refresh", order=17, visible=may_record))
register_admin(
    FILES,
    MenuItem(_("Series of meetings"), "admin:projects_series_changelist", icon="refresh", order=36),
    MenuItem(_("Periods of series"), "admin:projects_seriesperiod_changelist", icon="calendar-event", order=37),
)
