from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "cashflow",
    {
        "draft": Status(pgettext_lazy("cash-flow model", "Draft"), "neutral", icon="pencil"),
        "checked": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "confirmed": ok(pgettext_lazy("cash-flow model", "Confirmed"), icon="check"),
        "superseded": Status(pgettext_lazy("cash-flow model", "Superseded"), "neutral", icon="history"),
        "void": Status(pgettext_lazy("cash-flow model", "Void"), "neutral", icon="ban"),
    },
    field="projects.CashflowModel.state",
)
register(
    "cashverdict",
    {
        "green": ok(_("Meets the requirements"), icon="check"),
        "amber": warn(_("Below a level"), icon="alert-triangle"),
        "red": bad(_("Below the lock-up level"), icon="alert-octagon"),
        "default": Status(_("At default level"), "bad-fill", icon="alert-octagon"),
        "none": Status(_("Nothing to repay"), "neutral", icon="circle-minus"),
    },
    field="projects.CashflowModel.verdict",
)
register(
    "cashtest",
    {
        "green": ok(pgettext_lazy("test", "Met"), icon="check"),
        "amber": warn(pgettext_lazy("test", "Below the level"), icon="alert-triangle"),
        "red": bad(pgettext_lazy("test", "Far below"), icon="alert-octagon"),
        "default": Status(_("At default level"), "bad-fill", icon="alert-octagon"),
        "passed": ok(pgettext_lazy("test", "Met"), icon="check"),
        "failed": bad(pgettext_lazy("test", "Not met"), icon="ban"),
    },
)
