"""Writes of interactions. Each function is keyword-only, atomic, asks the policy and records what it did."""

from clients.relations.services.contact_plan import contact_plans_update
from clients.relations.services.interactions import (
    interaction_arrange,
    interaction_cancel,
    interaction_correct,
    interaction_hold,
    interaction_record,
    minutes_write,
    note_add,
)
from clients.relations.services.promises import promise_add, promise_settle

__all__ = [
    "contact_plans_update",
    "interaction_arrange",
    "interaction_cancel",
    "interaction_correct",
    "interaction_hold",
    "interaction_record",
    "minutes_write",
    "note_add",
    "promise_add",
    "promise_settle",
]
