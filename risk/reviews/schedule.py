from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "see whose move each review is",
        "risk.reviews.tasks.refresh_waiting",
        60.0,
        _("roles end, people leave: whoever may decide sees the case within a minute; nobody left raises an alarm"),
        label=_("See whose move each review is"),
    ),
    Work(
        "date reviews again",
        "risk.reviews.tasks.refresh_review_dates",
        time(0, 20),
        _("limits beyond the official calendar are provisional until the year's notice is there"),
        label=_("Date reviews again"),
    ),
)
