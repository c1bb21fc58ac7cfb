from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "compute the KPI",
        "staff.kpi.tasks.tend_quarters",
        time(4, 20),
        _("The preview follows the records; a change behind a closed quarter becomes a correction"),
        label=_("Compute KPI"),
        keep_runs=True,
        figures={"open": _("open quarters"), "written": _("results written"), "corrections": _("corrections")},
    )
)
