"""Moves of people and departments: proposed by the system administrator, confirmed by the security administrator."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import Conflict, RuleRefused
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.people.models import Department, Move
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role
from crm.kernel.people.services.directory import place_department
from crm.kernel.people.services.held import hold_person, tell_people
from crm.kernel.workdays import clock


@transaction.atomic
def move_confirm(*, move: Move, by: Viewer) -> Move:
    """Carry out a proposed move; not by who proposed it, nor by the person who is moved. It bites in the next request.

    The person is told; of a department the heads of whom it now belongs to and of whom it belonged to.
    """
    row = _decide(move, Move.State.CONFIRMED, by=by)
    if row.person is not None and row.target is not None:
        person, before = hold_person(row.person), row.person.department_id
        person.department = row.target
        person.version += 1
        person.save(update_fields=["department", "version"])
        record(
            "person.moved",
            subject=person,
            by=by,
            before={"department": before},
            after={"department": person.department_id},
        )
        tell_people([person.pk], act="person.moved", subject=person, by=by)
    elif row.department is not None:
        old = row.department.path
        heads = _heads_around(row.department)
        moved = place_department(row.department, row.target)
        record("department.moved", subject=moved, by=by, before={"path": old}, after={"path": moved.path})
        tell_people(heads | _heads_around(moved), act="department.moved", subject=moved, by=by)
    return row


@transaction.atomic
def move_refuse(*, move: Move, by: Viewer) -> Move:
    """Leave everything where it is."""
    return _decide(move, Move.State.REFUSED, by=by)


def _decide(move: Move, state: str, *, by: Viewer) -> Move:
    rows = Move.objects.select_related("person", "department", "target")
    row = permit(Move, by, "confirm", lock=True, rows=rows, pk=move.pk)
    if row.state != Move.State.WAITING:
        raise Conflict(_("This move has already been decided."))
    row.state, row.decided_by_id, row.decided_at = state, by.pk, clock.now()
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "decided_by", "decided_at"])
    except IntegrityError:
        raise RuleRefused(
            _("You proposed this move or are moved by it: another person decides."), code="own_move"
        ) from None
    record(f"move.{state}", subject=row, by=by, data=row.facts())
    return row


def _heads_around(department: Department) -> set[int]:
    """The heads at or above a department, and those within it: whose view a move changes."""
    codes = department.path.split(".")[:-1]
    above = [".".join(codes[: count + 1]) + "." for count in range(len(codes))]
    heads = people_with_role(Role.DEPARTMENT_HEAD)
    found: set[int] = set(heads.filter(department__path__in=above).values_list("pk", flat=True))
    within: set[int] = set(heads.filter(department__path__startswith=department.path).values_list("pk", flat=True))
    return found | within
