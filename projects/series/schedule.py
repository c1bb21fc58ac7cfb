from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "follow series of meetings",
        "projects.series.tasks.follow_series",
        time(1, 30),
        _("The next meetings of all series are put into the calendars; missing ones alarm and become to-dos"),
        label=_("Follow series of meetings"),
        figures={
            "periods": _("periods laid out"),
            "amber": _("not held yet"),
            "red": _("missed"),
            "closed": _("to-dos closed"),
        },
    ),
)
