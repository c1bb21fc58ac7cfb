"""Writes of the work list: one to-do at a time, and the sets of a job over many objects."""

from crm.kernel.worklist.services.nudge import todo_nudge
from crm.kernel.worklist.services.sets import ESCALATE_SET, REMIND_SET, remind_set, todo_close_set, todo_open_set
from crm.kernel.worklist.services.todos import (
    ESCALATE,
    REMIND,
    todo_close,
    todo_escalate,
    todo_open,
)

__all__ = [
    "ESCALATE",
    "ESCALATE_SET",
    "REMIND",
    "REMIND_SET",
    "remind_set",
    "todo_close",
    "todo_close_set",
    "todo_escalate",
    "todo_nudge",
    "todo_open",
    "todo_open_set",
]
