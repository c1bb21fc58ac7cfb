from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "see who answers complaints",
        "staff.complaints.tasks.watch_complaints",
        600.0,
        _("Reassigns complaints whose handler left or must recuse, within ten minutes"),
        label=_("Check complaint handlers"),
    ),
    Work(
        "date complaints again",
        "staff.complaints.tasks.refresh_dates",
        time(0, 20),
        _("Deadlines beyond the official calendar are provisional until that year's notice is published"),
        label=_("Recompute complaint deadlines"),
    ),
)
