from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act(
        "request.refused",
        _("Request refused"),
        {"status": _("Status"), "method": _("method"), "path": _("address asked for"), "fields": _("Fields")},
    ),
)
register(
    Act(
        "list.exported",
        _("List exported"),
        {"list": _("List"), "format": _("Format"), "rows": _("Rows"), "conditions": _("Conditions")},
        is_read=True,
    ),
)
register(
    Act("list.view_shared", _("View of a list shared"), {"list": _("List"), "name": _("Name")}),
    Act("list.view_removed", _("Shared view of a list removed"), {"list": _("List"), "name": _("Name")}),
)
