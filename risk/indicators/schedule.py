from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register
from risk.indicators.models import WarningObservation

register(
    Work(
        "review risk at night",
        "risk.indicators.tasks.review_night",
        time(2, 10),
        _("indicators are judged for every client before the day begins; a run that was killed goes on where it stood"),
        label=_("Review risk at night"),
        keep_runs=True,
        tells=True,
        figures=dict(WarningObservation.Kind.choices),
    ),
    Work(
        "see who keeps warned clients",
        "risk.indicators.tasks.follow_keepers",
        600.0,
        _("a warning follows its client within the hour; what waits for who is gone waits for the head"),
        label=_("See who keeps warned clients"),
    ),
    Work(
        "date warnings again",
        "risk.indicators.tasks.refresh_warning_dates",
        time(0, 20),
        _("limits beyond the official calendar are provisional until the year's notice is there"),
        label=_("Date warnings again"),
    ),
)
