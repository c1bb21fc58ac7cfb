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
    Act("assign", _("Name the responsible person…"), "user-check", OPEN),
    Act("acknowledge", _("Acknowledge receipt…"), "checks", WORKED_ON),
    Act("draft", _("Write the reply…"), "pencil", (Status.INVESTIGATING, Status.TO_REPLY)),
    Act("review", _("Judge the reply…"), "checklist", (Status.REVIEW,)),
    Act("reply", _("Record that the reply was told…"), "check", (Status.TO_REPLY,)),
    Act("close", _("Close the complaint…"), "circle-check", (Status.REPLIED,)),
    Act("reopen", _("Reopen…"), "refresh", (Status.REPLIED, Status.CLOSED)),
    Act("extend", _("Register an extension…"), "hourglass", WORKED_ON),
    Act("decide_extension", _("Decide on the extension…"), "checklist", WORKED_ON),
    Act("tell_extension", _("Record that the extension was told…"), "checks", WORKED_ON),
    Act("pause", _("Stop the clock…"), "clock", WORKED_ON),
    Act("resume", _("Let the clock run again…"), "refresh", WORKED_ON),
    Act("reclassify", _("Change what decides the class…"), "flame", OPEN),
    Act("concern", _("Add a person complained of…"), "user-off", OPEN),
)
BY_CODE = {act.code: act for act in ACTS}
