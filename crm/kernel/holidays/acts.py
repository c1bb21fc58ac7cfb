from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act("calendar.entered", _("Holiday notice entered")),
    Act("calendar.released", _("Official calendar released"), watch="rights"),
    Act("calendar.withdrawn", _("Holiday notice withdrawn")),
    Act(
        "calendar.deadlines_recomputed",
        _("Open deadlines recomputed after a calendar release"),
        {"changed": _("records changed, by kind")},
    ),
)
