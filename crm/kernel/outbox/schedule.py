from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "do what is due",
        "crm.kernel.outbox.tasks.relay",
        5.0,
        _("Reminders and e-mails are delivered on time; deliveries that fail are retried"),
        label=_("Process due work"),
    )
)
