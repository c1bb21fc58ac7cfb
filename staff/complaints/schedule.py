from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "see who answers complaints",
        "staff.complaints.tasks.watch_complaints",
        600.0,
        _("a complaint of who is gone or became concerned reaches the next above within the hour"),
        label=_("See who answers complaints"),
    ),
    Work(
        "date complaints again",
        "staff.complaints.tasks.refresh_dates",
        time(0, 20),
        _("limits beyond the official calendar are provisional until the year's notice is there"),
        label=_("Date complaints again"),
    ),
)
