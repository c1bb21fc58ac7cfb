from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from risk.committee.models import AgendaItem, Meeting

CASE: dict[str, Text | Kept] = {"case": Kept(_("Case"), "risk.ReviewCase", "number")}
MEETING = Kept(_("Meeting"), "risk.Meeting", "number")

register(
    Act("meeting.convened", _("Committee meeting convened"), {"held_on": _("Day")}),
    Act(
        "meeting.closed", _("Minutes written"), {"minutes_sha256": _("hash of the minutes (SHA-256)")}, watch="decision"
    ),
    Act(
        "meeting.minutes_printed",
        _("Minutes printed"),
        {"minutes_sha256": _("hash of the minutes (SHA-256)")},
        is_read=True,
    ),
    Act("hearing.listed", _("Put on the agenda"), {**CASE, "meeting": MEETING, "round": _("Round")}),
    Act("hearing.removed", _("Taken off the agenda"), CASE),
    Act(
        "hearing.opened",
        _("Ballot opened"),
        {**CASE, "seats": _("members in office"), "present": _("present with a vote")},
    ),
    Act("hearing.voted", _("Vote cast"), CASE),
    Act(
        "hearing.decided",
        _("Committee has decided"),
        {
            **CASE,
            "result": Kept(_("result"), choices=dict(AgendaItem.Result.choices)),
            "seats": _("members in office"),
            "present": _("present with a vote"),
            "yes": _("votes in favour"),
            "conditional": _("in favour with conditions"),
            "reconsider": _("to be heard again"),
            "against": _("votes against"),
        },
        watch="decision",
    ),
    subjects=(Subject(Meeting, has_history=True), Subject(AgendaItem, has_history=True)),
)
