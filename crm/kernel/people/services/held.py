"""What the services of people share: the row held, the row inserted, who is told."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Model

from crm.kernel.access.errors import Conflict, Text
from crm.kernel.access.policies import Viewer
from crm.kernel.outbox.services import Due, schedule_many
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

# Handled by `notify`, which stands above people.
RIGHTS_CHANGED = "people.rights_changed"


def hold_person(person: Person) -> Person:
    """The row under its lock, as it is now."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def takes_two(person: Person, by: Viewer) -> bool:
    """Whether an account of `person` may not be opened by who knows its password.

    The person is held, so that no account or key slips past a role that is granted at the same moment; every act
    holds the person first and the account after.
    """
    return not by.is_system and bool(hold_person(person).roles)


def insert(row: Model, *, field: str, taken: Text) -> None:
    """Store a new row; Conflict when its one unique field is taken, also by somebody at this very moment."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(taken, field=field) from None


def tell_people(person_ids: Iterable[int], *, act: str, subject: Model, by: Viewer) -> None:
    """Let people hear that their rights, or those over what they keep, have changed. `act`: the event's code."""
    if by.is_system:
        return
    now = clock.now()
    schedule_many(
        Due(RIGHTS_CHANGED, subject, now, pk, {"act": act, "name": str(subject), "by": str(by)}) for pk in person_ids
    )
