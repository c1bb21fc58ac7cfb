"""The words of what a cover makes its two people hear."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.notify.kinds import Family, NoticeKind, register

register(
    NoticeKind(
        "cover.confirmed",
        _("%(deputy)s stands in for %(person)s from %(first)s to %(last)s (%(letter)s)"),
        "users",
        "cover",
    ),
    NoticeKind("cover.asked", _("Confirm the cover of %(person)s by %(deputy)s"), "calendar-user", "cover"),
    NoticeKind("cover.refused", _("The cover of %(person)s by %(deputy)s was refused (%(letter)s)"), "ban", "cover"),
    NoticeKind("cover.ended", _("%(deputy)s no longer stands in for %(person)s (%(letter)s)"), "users", "cover"),
    families=(Family("cover", _("Leave and cover")),),
)
