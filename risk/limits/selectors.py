"""Reads of limits: the list, what waits for an approver, the one in force of a client, who may decide one."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from clients.file.models import Client
from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from risk.limits.models import CreditLimit
from risk.limits.policies import DECIDE
from risk.ratings.policies import works_on
from risk.reviews.rules.authority import Authority, required_level

SHOWN_WITH = ("client__standing", "entered_by", "asked_of", "decided_by")
UNREAD = ("client__grams", "client__sounds", "client__identity_number")
# The least sum the authority matrix knows: a limit of nothing is decided by who decides the smallest.
LEAST = Decimal("0.01")


def limit_list(*, viewer: Viewer) -> QuerySet[CreditLimit]:
    """Limits this person may see, newest first, with client and people."""
    return CreditLimit.objects.visible_to(viewer).select_related(*SHOWN_WITH).defer(*UNREAD)


def limit_get(*, viewer: Viewer, pk: int) -> CreditLimit:
    """One visible limit; NotVisible otherwise."""
    found = limit_list(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def waiting_for(*, viewer: Viewer) -> QuerySet[CreditLimit]:
    """Proposals this person may decide, oldest first."""
    return CreditLimit.objects.visible_to(viewer, DECIDE).select_related("client").order_by("entered_at", "id")


def limits_of(*, viewer: Viewer, client: Client, most: int = 5) -> list[CreditLimit]:
    """A client's limits, newest first."""
    return list(limit_list(viewer=viewer).filter(client=client)[:most])


def limit_in_force(client: Client) -> CreditLimit | None:
    """The limit that holds today."""
    rows = CreditLimit.objects.filter(client=client, valid_until__gte=clock.today())
    return rows.filter(status=CreditLimit.Status.IN_FORCE).select_related("entered_by").first()


def measured_clients() -> QuerySet[Client]:
    """Clients with what the formula reads of them."""
    return Client.objects.select_related("standing", "industry", "owner").defer("grams", "sounds", "identity_number")


def find_level(amount: Decimal, grade: str) -> Authority:
    """Who decides a limit of `amount` yuan for a client of this grade: as a secured deal of that sum. One query."""
    found = parameters.values(("authority.matrix", "authority.modifiers"))
    return required_level(
        grade=grade,
        exposure=max(amount, LEAST),
        secured=True,
        tenor_months=12,
        is_fixed_asset=False,
        matrix=found["authority.matrix"].value,
        modifiers=found["authority.modifiers"].value,
    )


def list_deciders(client: Client, level: int, *, by: Viewer) -> list[Person]:
    """Approvers whose authority reaches the level, who do not work on the client and are not `by`."""
    grants = RoleGrant.objects.in_force().filter(role=Role.FINAL_APPROVER, authority_level__gte=level)
    people = Person.objects.filter(is_active=True, pk__in=grants.values("person_id")).exclude(pk=by.pk)
    rows = people.select_related("department").order_by("name_pinyin")
    return [person for person in rows if not works_on(person, client.pk)]


def reach_of(people: list[Person]) -> Any:
    """As an expression over people: the highest final authority each holds today."""
    return Case(*[When(pk=person.pk, then=Value(person.authority_level)) for person in people], default=Value(0))
