from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "plan",
    {
        "prepared": Status(_("To be checked"), "accent", icon="hourglass"),
        "in_force": ok(pgettext_lazy("contract", "In force"), icon="check"),
        "replaced": Status(_("Replaced"), "neutral", icon="history"),
        "declined": bad(_("Declined"), icon="ban"),
    },
    field="projects.RepaymentPlan.state",
)
register(
    "repayment",
    {
        "booked": ok(_("Booked"), icon="check"),
        "reversed": Status(_("Reversed"), "neutral", icon="history"),
    },
    field="projects.Repayment.state",
)
INSTALMENT = {
    "upcoming": Status(pgettext_lazy("instalment", "To come"), "neutral", icon="clock"),
    "soon": warn(pgettext_lazy("instalment", "Due soon"), icon="clock"),
    "overdue": bad(pgettext_lazy("instalment", "Overdue"), icon="clock-exclamation"),
    "paid": ok(pgettext_lazy("instalment", "Paid"), icon="check"),
}
# As a filter offers them.
STANDINGS = [(code, status.word) for code, status in INSTALMENT.items()]
register("instalment", INSTALMENT)
