from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register
from risk.indicators.models import WarningObservation

register(
    Work(
        "review risk at night",
        "risk.indicators.tasks.review_night",
        time(2, 10),
        _(
            "All indicators are evaluated for every client before the day begins; an interrupted run continues where "
            "it stopped"
        ),
        label=_("Run nightly risk checks"),
        keep_runs=True,
        tells=True,
        figures=dict(WarningObservation.Kind.choices),
    ),
    Work(
        "see who keeps warned clients",
        "risk.indicators.tasks.follow_keepers",
        600.0,
        _("Warnings follow their client within ten minutes; to-dos of people who left go to the department head"),
        label=_("Check who handles warnings"),
    ),
    Work(
        "date warnings again",
        "risk.indicators.tasks.refresh_warning_dates",
        time(0, 20),
        _("Deadlines beyond the official calendar are provisional until that year's notice is published"),
        label=_("Recompute warning deadlines"),
    ),
)
