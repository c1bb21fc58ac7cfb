"""Reads about people: the account behind a session in one query, and pickers."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, DateField, Exists, Func, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Length

from crm.kernel.access.kept import departments_column, grants_column, read_kept
from crm.kernel.access.prepared import PreparedQuery
from crm.kernel.people.models import Account, ApiKey, Cover, Department, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.text.pinyin import sounds_like
from crm.kernel.workdays import clock


def _select_account(name: str) -> Callable[..., QuerySet[Account]]:
    """Accounts in use by the field `name`, with department, post, and what a person's scope rests on."""

    def build(value: object, today: date) -> QuerySet[Account]:
        roles = RoleGrant.objects.in_force(on=today).filter(person=OuterRef("person")).order_by()
        held = Func("role", "authority_level", function="jsonb_build_array", output_field=JSONField())
        asked = ("person_id", Value(today, DateField()))
        return (
            Account.objects.select_related("person__department", "person__post")
            .filter(**{name: value}, is_active=True, person__is_active=True)
            .exclude(Func(*asked, function="kernel_suspended", output_field=BooleanField()))
            .annotate(
                _covering=Func(*asked, function="kernel_covering", output_field=JSONField()),
                _held=ArraySubquery(roles.values(held=held)),
                _grants=grants_column(),
                _departments=departments_column(),
            )
            .defer("opened_by", "password_set_by", "person__name_pinyin")
            .order_by()
        )

    return build


_BY: dict[str, PreparedQuery[Account]] = {
    "pk": PreparedQuery(_select_account("pk"), value=-(2**62), today=date.min),
    "login": PreparedQuery(_select_account("login"), value="\x7f", today=date.min),
}


def account_with_rights(*, pk: int | None = None, login: str | None = None) -> Account | None:
    """The active account of an active person with department, post, today's roles, and what the person's scope rests
    on (`person.scope_read`): one query, read per request, its text composed once per process.
    """
    found = (
        _BY["pk"].rows(value=pk, today=clock.today())
        if login is None
        else _BY["login"].rows(value=login, today=clock.today())
    )
    for account in found:
        person: Any = account.person
        person.__dict__["_held"] = [(role, level) for role, level in account._held]  # type: ignore[attr-defined]
        person.__dict__["_covering"] = list(account._covering)  # type: ignore[attr-defined]
        person.scope_read = read_kept(account._grants, account._departments or ())  # type: ignore[attr-defined]
    return found[0] if found else None


def has_account(on: date | None = None) -> Exists:
    """For a query of people: whether they have an account in use, not suspended by mandatory leave, today or `on`."""
    suspended = Cover.objects.suspending(on=on).filter(person=OuterRef("person"))
    return Exists(Account.objects.filter(~Exists(suspended), person=OuterRef("pk"), is_active=True))


def can_log_in(people: QuerySet[Person]) -> QuerySet[Person]:
    """Active people with an account in use: the others would never read what they are told."""
    return people.filter(has_account(), is_active=True)


def people_with_role(role: str) -> QuerySet[Person]:
    """People with a way in who hold `role` today, with department and roles at hand."""
    return with_roles(can_log_in(Person.objects.filter(role_grants__in=RoleGrant.objects.in_force().filter(role=role))))


def superior_of(person: Person) -> Person | None:
    """Who answers for `person`: the head of the nearest department at or above theirs, else who decides last above it;
    never the person. None where nobody is above.
    """
    codes = person.department.path.split(".")[:-1]
    above = [".".join(codes[: count + 1]) + "." for count in range(len(codes))]
    for role in (Role.DEPARTMENT_HEAD, Role.FINAL_APPROVER):
        # Between two of the same rank in one department nobody stands above.
        places = above[:-1] if person.has_role(role) else above
        rows = people_with_role(role).filter(department__path__in=places).exclude(pk=person.pk)
        found = rows.annotate(depth=Length("department__path")).order_by("-depth", "pk").first()
        if found is not None:
            return found
    return None


def deputies_of(person: Person) -> list[Person]:
    """Who wholly stands in for `person` today and has a way in: one at most."""
    letters = Cover.objects.in_force().filter(person=person, scope=[])
    return list(with_roles(can_log_in(Person.objects.filter(pk__in=letters.values("deputy")))))


def with_roles(people: QuerySet[Person]) -> QuerySet[Person]:
    """`people` with department and post joined; roles are read per person on demand."""
    return people.select_related("department", "post").distinct()


def roles_at_hand(people: list[Person]) -> list[Person]:
    """The same people with today's roles read, in one query for all of them."""
    held: dict[int, list[tuple[str, int]]] = {person.pk: [] for person in people}
    grants = RoleGrant.objects.in_force().filter(person__in=people)
    for pk, role, level in grants.values_list("person_id", "role", "authority_level"):
        held[pk].append((role, level))
    for person in people:
        person.__dict__["_held"] = held[person.pk]
    return people


def person_search(*, viewer: Person, text: str, roles: Collection[str] = (), limit: int = 20) -> list[Person]:
    """Active people with `text` in their name or at the beginning of their number, who hold one of `roles`."""
    rows = Person.objects.visible_to(viewer).filter(is_active=True)
    if roles:
        rows = rows.filter(pk__in=RoleGrant.objects.in_force().filter(role__in=roles).values("person_id"))
    if text:
        rows = rows.filter(Q(name__resembles=text) | sounds_like(text) | Q(employee_no__begins_like=text))
    return list(rows.select_related("department", "post").order_by("name_pinyin", "id")[:limit])


def department_list(*, viewer: Person) -> QuerySet[Department]:
    """The tree, parents before what lies below them."""
    return Department.objects.visible_to(viewer).order_by("path")


def person_list(*, viewer: Person) -> QuerySet[Person]:
    """Everybody, with department and post."""
    return Person.objects.visible_to(viewer).select_related("department", "post")


def own_keys(*, viewer: Person) -> QuerySet[ApiKey]:
    """The keys that act for this person, also those that have ended; the latest first."""
    return ApiKey.objects.visible_to(viewer).filter(account__person=viewer).order_by("-created_at", "-id")


def role_grant_list(*, viewer: Person) -> QuerySet[RoleGrant]:
    """The grants this person may see, the latest first."""
    return RoleGrant.objects.visible_to(viewer).select_related("person").order_by("-valid_from", "-id")


def person_hint(person: Person) -> str:
    """What tells people of one name apart: department, post, number. The three are loaded by `person_search`."""
    post = str(person.post) if person.post else ""
    return " · ".join(filter(None, (person.department.name, post, person.employee_no)))


def root_of(department: Department) -> Department | None:
    """The root of a department's tree: the institution itself."""
    return Department.objects.filter(parent=None, code=department.path.partition(".")[0]).first()
