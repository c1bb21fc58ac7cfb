"""Moves of a complaint as a table: which act stands in which stage, and where it leads.

Several acts lead where the class of the complaint says; their services name the stage.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.workflow import Move
from staff.complaints.models import ANSWERED, OPEN, WORKED_ON, Status


@dataclass(frozen=True)
class Act(Move):
    """A move with the words and the icon of its button. Its code is the policy's action."""

    label: Text = ""
    icon: str = ""


ACTS: tuple[Act, ...] = (
    Act("assign", OPEN, label=_("Assign handler…"), icon="user-check"),
    Act("acknowledge", WORKED_ON, label=_("Acknowledge receipt…"), icon="checks"),
    Act("draft", (Status.INVESTIGATING, Status.TO_REPLY), label=_("Write the reply…"), icon="pencil"),
    Act("review", (Status.REVIEW,), label=_("Check the reply…"), icon="checklist"),
    Act("reply", (Status.TO_REPLY,), Status.REPLIED, label=_("Record the notification of the reply…"), icon="check"),
    Act("close", (Status.REPLIED,), Status.CLOSED, label=_("Close the complaint…"), icon="circle-check"),
    Act("reopen", (Status.REPLIED, Status.CLOSED), Status.INVESTIGATING, label=_("Reopen…"), icon="refresh"),
    Act("withdraw", OPEN, Status.CLOSED, label=_("Record a withdrawal…"), icon="x"),
    Act("correct", OPEN, label=_("Correct client or project…"), icon="edit"),
    Act("ask_recheck", ANSWERED, label=_("Record a request for review of handling…"), icon="refresh"),
    Act("decide_recheck", ANSWERED, label=_("Answer the review of handling…"), icon="checklist"),
    Act("extend", WORKED_ON, label=_("Register an extension…"), icon="hourglass"),
    Act("decide_extension", WORKED_ON, label=_("Decide on the extension…"), icon="checklist"),
    Act("tell_extension", WORKED_ON, label=_("Record the notification of the extension…"), icon="checks"),
    Act("pause", WORKED_ON, label=_("Pause the clock…"), icon="clock"),
    Act("resume", WORKED_ON, label=_("Resume the clock…"), icon="refresh"),
    Act("reclassify", OPEN, label=_("Change the facts that set the class…"), icon="flame"),
    Act("concern", OPEN, label=_("Name a person complained of…"), icon="user-off"),
    Act("decide_claim", tuple(Status), label=_("Decide who is complained of…"), icon="checklist"),
    Act("unconcern", OPEN, label=_("Propose to remove a person complained of…"), icon="user-check"),
)
BY_CODE = {act.code: act for act in ACTS}
# What its handler does next at a stage; a complaint without a handler is first assigned.
HANDLING: dict[str, str] = {
    Status.RECEIVED: "assign",
    Status.INVESTIGATING: "draft",
    Status.TO_REPLY: "reply",
}
# Of the acts possible now the first of these is the next one; none of them is waited for from anybody else.
NEXT = (
    "decide_claim",
    "decide_recheck",
    "decide_extension",
    "tell_extension",
    "review",
    "reply",
    "acknowledge",
    "draft",
    "close",
)
