from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "decision",
    {
        "approve": ok(_("Approved"), icon="check"),
        "approve_with_conditions": ok(_("Approved with conditions"), icon="checklist"),
        "return": warn(_("Returned"), icon="corner-up-left"),
        "reject": bad(_("Rejected"), icon="ban"),
        "recuse": Status(_("Recused"), icon="user-off"),
        "escalate": Status(_("Escalated"), "accent", icon="arrow-up"),
    },
)
register(
    "review",
    {
        "your_move": Status(_("Your turn"), "accent-fill", icon="user-check"),
        "waiting": Status(_("In review"), "accent", icon="user-check"),
        "open": Status(_("In review"), "accent", icon="user-check"),
        "in_review": Status(_("In review"), "accent", icon="user-check"),
        "approved": ok(pgettext_lazy("case", "Approved"), icon="check"),
        "approved_with_conditions": ok(_("Approved with conditions"), icon="checklist"),
        "returned": warn(_("Returned for completion"), icon="corner-up-left"),
        "rejected": bad(_("Rejected"), icon="ban"),
        "recused": Status(_("Recused"), icon="user-off"),
        "withdrawn": Status(_("Withdrawn"), icon="arrow-back-up"),
        "lapsed": warn(_("Lapsed"), icon="clock-exclamation"),
        "void": Status(_("No longer valid in this round"), icon="history"),
        "frozen": Status(_("Dossier frozen"), icon="lock"),
        "later": Status(_("Not started"), icon="circle-dashed"),
    },
    field="risk.ReviewCase.status",
)
register(
    "condition",
    {
        "open": bad(_("Not met"), icon="circle-x"),
        "unmet": bad(_("Not met"), icon="circle-x"),
        "partly": warn(_("Partly met"), icon="progress"),
        "to_verify": Status(_("To be verified"), "accent", icon="hourglass"),
        "met": ok(_("Met"), icon="circle-check"),
        "waived": Status(_("Waived"), icon="shield-check"),
        "dropped": Status(_("Revoked"), icon="x"),
        "lapsed": Status(_("No longer valid in this round"), icon="history"),
        "blocking": Status(_("Blocks drawdown"), icon="lock"),
        "new": Status(_("You are adding this"), "accent", icon="plus"),
    },
    field="risk.Condition.status",
)
