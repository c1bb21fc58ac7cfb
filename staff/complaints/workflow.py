"""States and moves of a complaint as a table: which act stands in which stage, and where it leads."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from staff.complaints.models import OPEN, WORKED_ON, Status


@dataclass(frozen=True)
class Act:
    """One act: its code (the policy's action), words, icon and the stages it is possible in."""

    code: str
    label: Text
    icon: str
    stages: tuple[str, ...]


ACTS: tuple[Act, ...] = (
    Act("assign", _("Assign handler…"), "user-check", OPEN),
    Act("acknowledge", _("Acknowledge receipt…"), "checks", WORKED_ON),
    Act("draft", _("Write the reply…"), "pencil", (Status.INVESTIGATING, Status.TO_REPLY)),
    Act("review", _("Check the reply…"), "checklist", (Status.REVIEW,)),
    Act("reply", _("Record the notification of the reply…"), "check", (Status.TO_REPLY,)),
    Act("close", _("Close the complaint…"), "circle-check", (Status.REPLIED,)),
    Act("reopen", _("Reopen…"), "refresh", (Status.REPLIED, Status.CLOSED)),
    Act("extend", _("Register an extension…"), "hourglass", WORKED_ON),
    Act("decide_extension", _("Decide on the extension…"), "checklist", WORKED_ON),
    Act("tell_extension", _("Record the notification of the extension…"), "checks", WORKED_ON),
    Act("pause", _("Pause the clock…"), "clock", WORKED_ON),
    Act("resume", _("Resume the clock…"), "refresh", WORKED_ON),
    Act("reclassify", _("Change the facts that set the class…"), "flame", OPEN),
    Act("concern", _("Add a person complained of…"), "user-off", OPEN),
)
BY_CODE = {act.code: act for act in ACTS}
