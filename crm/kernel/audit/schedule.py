from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "seal the audit trail",
        "crm.kernel.audit.tasks.seal_audit",
        5.0,
        _("Committed rows get their sequence number and hash within seconds"),
        label=_("Seal the audit trail"),
    ),
    Work(
        "anchor the audit trail",
        "crm.kernel.audit.tasks.anchor_audit",
        300.0,
        _("Every row is anchored outside the system within ten minutes"),
        label=_("Anchor the audit trail"),
    ),
    Work(
        "anchor the day's end",
        "crm.kernel.audit.tasks.anchor_audit",
        time(23, 0),
        _("One chain head a day that can be filed or printed"),
        {"day_end": True},
        label=_("Anchor the day's end"),
        keep_runs=True,
    ),
)
register(
    Work(
        "write counted refusals",
        "crm.kernel.audit.tasks.write_counted_refusals",
        600.0,
        _("The counted refusals of visitors are in the trail soon after their hour"),
        label=_("Write counted refusals of visitors"),
    ),
)
