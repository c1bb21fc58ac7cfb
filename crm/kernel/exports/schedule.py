from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "remove old exports",
        "crm.kernel.exports.tasks.remove_old",
        time(3, 50),
        _("Files of exports are kept for some days only; an export that stands still is given up"),
        label=_("Remove old exports"),
    ),
)
