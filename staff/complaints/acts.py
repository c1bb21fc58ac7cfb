from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Fields, Kept, register
from staff.complaints.models import Kind

# What the event of each kind keeps.
FIELDS: dict[Kind, Fields] = {
    Kind.RECEIVED: {
        "grade": _("Grade"),
        "grounds": _("basis of the class"),
        "channel": _("Channel"),
        "due_on": _("Due on"),
    },
    Kind.ASSIGNED: {"to": _("To"), "name": _("Name"), "former": _("Previous value")},
    Kind.CLASSED: {"grade": _("Grade"), "former": _("Previous value"), "grounds": _("basis of the class")},
    Kind.CLAIMED: {"person": Kept(_("Person"), "kernel.Person")},
    Kind.CONCERNED: {"person": Kept(_("Person"), "kernel.Person")},
    Kind.UNDO_CLAIMED: {"person": Kept(_("Person"), "kernel.Person")},
    Kind.UNDONE: {"person": Kept(_("Person"), "kernel.Person")},
    Kind.CLAIM_REFUSED: {"person": Kept(_("Person"), "kernel.Person")},
    Kind.EXTENSION_REQUESTED: {"step": _("step"), "days": _("Days")},
    Kind.EXTENSION_APPROVED: {"step": _("step")},
    Kind.EXTENSION_REFUSED: {"step": _("step")},
    Kind.EXTENSION_TOLD: {"step": _("step"), "due_on": _("Due on")},
    Kind.PAUSED: {"reason": _("Reason"), "until": _("Until"), "due_on": _("Due on")},
    Kind.RESUMED: {"days": _("Days"), "due_on": _("Due on")},
    Kind.DRAFTED: {"outcome": _("Outcome")},
    Kind.REPLIED: {
        "outcome": _("Outcome"),
        "in_time": _("On time"),
        "due_on": _("Due on"),
        "responsible": _("responsible person"),
    },
    Kind.REOPENED: {"due_on": _("Due on")},
    Kind.ESCALATED: {"why": _("Why"), "to": _("To"), "name": _("Name")},
    Kind.OVERDUE: {"due_on": _("Due on"), "responsible": _("responsible person")},
    Kind.WITHDRAWN: {"on": _("withdrawn on"), "due_on": _("Due on")},
    Kind.CORRECTED: {
        "client_code": _("client's code as entered"),
        "project_name": _("project as entered"),
        "former": _("Previous value"),
        "grade": _("Grade"),
    },
    Kind.RECHECK_ASKED: {"requested_on": _("review requested on"), "due_on": _("Due on")},
    Kind.RECHECK_REFUSED: {"requested_on": _("review requested on")},
    Kind.RECHECKED: {"verdict": _("result"), "outcome": _("Outcome")},
    Kind.REDATED: {"due_on": _("Due on"), "former": _("Previous value")},
}

register(
    *(Act(f"complaint.{kind}", kind.label, FIELDS.get(kind, {})) for kind in Kind),
    Act("complaint.relative_claimed", _("Colleague declared as a relative, waiting for confirmation")),
    Act("complaint.recorded", _("Complainant's data saved")),
    Act(
        "complaint.deserted", _("Complaint reassigned: its handler can no longer act"), {"former": _("Previous value")}
    ),
    Act(
        "complaint.evidence_downloaded",
        _("Evidence of a complaint downloaded"),
        {"file": _("file"), "sha256": _("SHA-256")},
        is_read=True,
    ),
    Act("complaint.looked_up", _("Complaint looked up by look-up code"), is_read=True),
    Act(
        "complaint.few_left",
        _("Fewer than two people are left who may handle the complaint"),
        {"able": _("people who may handle it")},
        watch="decision",
    ),
    Act("complaint.nobody_eligible", _("Nobody can handle the complaint"), {"why": _("Why")}),
    Act(
        "complaint.relations_many",
        _("Many colleagues declared as relatives by one person"),
        {"colleagues": _("colleagues"), "days": _("Days")},
    ),
    Act("relation.declared", _("Relative declared"), {"kind": _("Kind")}),
    Act("relation.ended", _("Declaration of a relative ended")),
)
