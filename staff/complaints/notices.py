"""The words of complaints' to-dos and notices. They name the number only: a title must not tell whom it is about."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.access.policies import Viewer
from crm.kernel.notify.kinds import Family, NoticeKind
from crm.kernel.notify.kinds import register as register_notices
from crm.kernel.people.models import Person
from crm.kernel.worklist.kinds import Step, TodoKind
from crm.kernel.worklist.kinds import register as register_todos
from staff.complaints.models import Complaint, ComplaintSeat, Tie
from staff.complaints.selectors.eligible import ladder
from staff.complaints.services import duties
from staff.complaints.workflow import BY_CODE, HANDLING


def _handle(data: Mapping[str, Any]) -> str:
    received = data.get("stage") == "received"
    text = _("Assign a handler to complaint %(number)s") if received else _("Handle complaint %(number)s")
    return text % {"number": data.get("number", "")}


WHY = {
    "unanswered": gettext_lazy("Complaint %(number)s has no reply yet; legal limit %(due_on)s"),
    "overdue": gettext_lazy("The legal limit of complaint %(number)s has passed (%(due_on)s)"),
    "absent": gettext_lazy(
        "The handler of complaint %(number)s can no longer act: assign another; legal limit %(due_on)s"
    ),
    "concerned": gettext_lazy("Complaint %(number)s needs another handler; legal limit %(due_on)s"),
    "few": gettext_lazy(
        "Fewer than two people may still handle complaint %(number)s: check who was named; legal limit %(due_on)s"
    ),
    "major": gettext_lazy(
        "Complaint %(number)s is now major: assign a complaints officer or department head; legal limit %(due_on)s"
    ),
}


def _escalated(data: Mapping[str, Any]) -> str:
    return str(WHY.get(str(data.get("why")), WHY["unanswered"])) % {
        "number": data.get("number", ""),
        "due_on": data.get("due_on", ""),
    }


def round_the_concerned(todo: Any) -> Person | None:
    """Who hears of a late to-do about a complaint: the next step of its ladder, never a party concerned."""
    complaint = Complaint.objects.filter(pk=todo.object_id).first()
    if complaint is None:
        return None
    told = todo.escalated_to_id
    steps = [person for person in ladder(complaint, checks=todo.kind != duties.TODO) if person.pk != todo.owner_id]
    keys = [person.pk for person in steps]
    after = keys.index(told) + 1 if told in keys else 0
    return steps[after] if after < len(steps) else None


def seen_by(viewer: Viewer) -> QuerySet[Complaint]:
    """The complaints that exist for somebody who looks at to-dos."""
    return Complaint.objects.visible_to(viewer)


def still_seen(notice: Any) -> bool:
    """Whether the recipient may hear of it: they may be a party concerned by now."""
    seats = ComplaintSeat.objects.filter(complaint_id=notice.object_id, person_id=notice.recipient_id)
    return not seats.exclude(tie=Tie.NONE).exists()


ACT_OF = {
    duties.REVIEW: "review",
    duties.DECIDE: "decide_extension",
    duties.CLAIM: "decide_claim",
    duties.RECHECK: "decide_recheck",
    duties.CLOSE: "close",
}


def next_step(todo: Any) -> Step:
    """The act that the to-do asks for; of its handler that of the stage, which stands in the data."""
    code = ACT_OF.get(todo.kind) or HANDLING.get(todo.data.get("stage", ""))
    if code is None:
        return Step(gettext_lazy("Open"), todo.url)
    return Step(BY_CODE[code].label, reverse(f"staff:complaint_{code}", args=[todo.object_id]))


register_todos(
    TodoKind(
        duties.TODO, _handle, icon="message-report", escalate_to=round_the_concerned, subjects=seen_by, step=next_step
    ),
    TodoKind(
        duties.REVIEW,
        gettext_lazy("Check the reply to the major complaint %(number)s"),
        icon="checklist",
        escalate_to=round_the_concerned,
        subjects=seen_by,
        step=next_step,
    ),
    TodoKind(
        duties.DECIDE,
        gettext_lazy("Decide on the extension of complaint %(number)s"),
        icon="hourglass",
        escalate_to=round_the_concerned,
        subjects=seen_by,
        step=next_step,
    ),
    TodoKind(
        duties.CLAIM,
        gettext_lazy("Decide who is complained of in complaint %(number)s"),
        icon="user-off",
        escalate_to=round_the_concerned,
        subjects=seen_by,
        step=next_step,
    ),
    TodoKind(
        duties.RECHECK,
        gettext_lazy("Answer the review of handling of complaint %(number)s"),
        icon="checklist",
        escalate_to=round_the_concerned,
        subjects=seen_by,
        step=next_step,
    ),
    TodoKind(
        duties.CLOSE,
        gettext_lazy("Close complaint %(number)s, or reopen it"),
        icon="circle-check",
        escalate_to=round_the_concerned,
        subjects=seen_by,
        step=next_step,
    ),
)
register_notices(
    NoticeKind(duties.NOTICE, _escalated, "message-report", family="complaints", still_meant=still_seen),
    NoticeKind(
        duties.REDATED,
        gettext_lazy(
            "The official calendar was published: complaint %(number)s is due %(internal_due)s, legal limit %(due_on)s"
        ),
        "clock",
        family="complaints",
        still_meant=still_seen,
    ),
    families=(Family("complaints", gettext_lazy("Complaints")),),
)
