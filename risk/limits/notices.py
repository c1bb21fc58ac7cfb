"""The notice that a limit was cut."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.notify.kinds import NoticeKind, register
from risk.limits.services import CUT

register(
    NoticeKind(
        CUT, _("The limit of %(client)s was cut from %(before)s to %(after)s: grade or figures are worse"), "arrow-down"
    )
)
