from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act(
        "audit.exported",
        _("Audit trail exported"),
        {"from_seq": _("from number"), "to_seq": _("to number")},
        watch="rights",
        is_read=True,
    ),
    Act(
        "audit.evidence_bound",
        _("Existing records bound to the audit trail"),
        {"kind": _("kind"), "rows": _("rows")},
    ),
    Act(
        "audit.contradicted",
        _("Audit trail or evidence no longer matches"),
        {"first": _("first finding"), "findings": _("findings")},
        watch="rights",
    ),
    Act("audit.verified", _("Audit trail verified in full"), watch="rights"),
)
register(
    Act(
        "request.refusals_counted",
        _("Refusals of visitors counted"),
        {"hour": _("hour"), "action": _("action"), "door": _("entry point"), "refused": _("refusals")},
    ),
)
