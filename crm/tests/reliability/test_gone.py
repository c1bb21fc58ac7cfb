"""A task that is given the id of something that is gone, or no id at all, is done with it and holds up nobody."""

from datetime import timedelta

import pytest

from crm.kernel.audit.context import SYSTEM
from crm.kernel.outbox import handlers, relay
from crm.kernel.outbox.models import DueItem
from crm.kernel.workdays import clock
from staff.complaints.services import escalate_due, overdue_note

pytestmark = pytest.mark.django_db
GONE = "987654321"
# What the wings of the house register; tests add kinds of their own.
WINGS = ("notify.", "worklist.", "review.", "complaint.")


def item_of(kind: str) -> DueItem:
    due = clock.now() - timedelta(minutes=1)
    return DueItem.objects.create(kind=kind, object_type="kernel.todo", object_id=GONE, due_at=due, next_try_at=due)


def test_every_kind_of_due_work_about_a_thing_that_is_gone_is_done_at_the_first_try() -> None:
    kinds = sorted(kind for kind in handlers._registry if kind.startswith(WINGS))
    assert len(kinds) >= 8
    items = [item_of(kind) for kind in kinds]
    relay.relay_due()
    left = DueItem.objects.filter(pk__in=[item.pk for item in items]).exclude(state=DueItem.State.DONE)
    assert [(item.kind, item.state, item.last_error) for item in left] == []


def test_a_kind_that_nobody_handles_is_kept_with_the_reason_and_the_next_is_done() -> None:
    unknown, known = item_of("wing.that.left"), item_of("worklist.remind")
    relay.relay_due()
    unknown.refresh_from_db()
    known.refresh_from_db()
    assert "nothing handles wing.that.left" in unknown.last_error
    assert known.state == DueItem.State.DONE


def test_a_complaint_that_is_gone_neither_escalates_nor_runs_over() -> None:
    assert escalate_due(pk=int(GONE), step=0, by=SYSTEM) is None
    overdue_note(pk=int(GONE), by=SYSTEM)
