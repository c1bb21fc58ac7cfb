"""Who sits in the committee today: terms of office are role grants. What each one's seat in a case says."""

from dataclasses import dataclass

from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from risk.committee.models import SEAT
from risk.reviews.models import ReviewCase, ReviewSeat


@dataclass(frozen=True)
class Members:
    """The members in office, and of one case: who declared no conflict (so the papers are open), who recused."""

    people: dict[int, Person]
    declared: dict[int, ReviewSeat]
    recused: frozenset[int]

    @property
    def absent(self) -> list[Person]:
        """Members of whom nothing is known yet."""
        return [one for pk, one in self.people.items() if pk not in self.declared and pk not in self.recused]


def list_members() -> dict[int, Person]:
    """The members in office by id, in order of their names. One query."""
    held = RoleGrant.objects.in_force().filter(role=Role.COMMITTEE_MEMBER, person__is_active=True)
    return {one.pk: one for one in Person.objects.filter(pk__in=held.values("person")).order_by("name", "pk")}


def find_members(case: ReviewCase) -> Members:
    """The members and their seats in `case`. Two queries."""
    people = list_members()
    seats = list(ReviewSeat.objects.filter(case=case, person__in=people).order_by("pk"))
    return Members(
        people,
        {row.person_id: row for row in seats if row.stage == SEAT and row.declared_at and row.recused_at is None},
        frozenset(row.person_id for row in seats if row.stage != SEAT or row.recused_at is not None),
    )
