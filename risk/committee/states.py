from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "meeting",
    {
        "convened": Status(_("Convened"), "accent", icon="calendar"),
        "closed": ok(_("Closed, minutes written"), icon="check"),
    },
    field="risk.Meeting.status",
)
register(
    "hearing",
    {
        "listed": Status(_("On the agenda"), "neutral", icon="list"),
        "voting": Status(_("Ballot open"), "accent", icon="hourglass"),
        "decided": ok(_("Decided"), icon="check"),
        "removed": Status(_("Taken off the agenda"), icon="x"),
    },
    field="risk.AgendaItem.status",
)
register(
    "hearing_result",
    {
        "approved": ok(_("Agreed"), icon="check"),
        "approved_with_conditions": ok(_("Agreed with conditions"), icon="checklist"),
        "reconsider": warn(_("To be heard again"), icon="corner-up-left"),
        "refused": bad(_("Not agreed"), icon="ban"),
    },
    field="risk.AgendaItem.result",
)
register(
    "vote",
    {
        "for": ok(_("Agree"), icon="check"),
        "for_with_condition": ok(_("Agree with conditions"), icon="checklist"),
        "reconsider": warn(_("Hear again after a supplement"), icon="corner-up-left"),
        "against": bad(_("Do not agree"), icon="ban"),
    },
    field="risk.Vote.kind",
)
register(
    "attendance",
    {
        "present": ok(_("Present"), icon="user-check"),
        "recused": Status(_("Recused"), icon="user-off"),
        "absent": Status(_("Absent"), icon="circle-dashed"),
    },
    field="risk.Attendance.state",
)
