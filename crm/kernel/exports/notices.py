"""The words of what an export makes its person hear."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.notify.kinds import Family, NoticeKind, register

register(
    NoticeKind("export.done", _("The export of “%(list)s” is ready (%(rows)s rows)"), "download", "exports"),
    NoticeKind("export.failed", _("The export of “%(list)s” failed: %(reason)s"), "alert-triangle", "exports"),
    families=(Family("exports", _("Exports")),),
)
