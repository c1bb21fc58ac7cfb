from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "do what is due",
        "crm.kernel.outbox.tasks.relay",
        5.0,
        _("reminders and mails are delivered at their moment, whatever broke meanwhile"),
        label=_("Do what is due"),
    )
)
