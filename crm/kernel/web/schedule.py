from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "forget kept answers",
        "crm.kernel.web.tasks.forget_answers",
        time(3, 40),
        _("Answers kept for repeated requests are deleted after a day"),
        label=_("Delete kept answers"),
    ),
)
