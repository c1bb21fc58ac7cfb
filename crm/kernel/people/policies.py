"""Who sees and changes people, accounts, roles and keys: colleagues are known to all, rights are one power's."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.models import Account, ApiKey, Department, Move, Person, Post, RoleGrant
from crm.kernel.people.roles import Role


class _Directory(Policy):
    """Everybody who works here may look it up; the system administrator keeps it."""

    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING if action == "view" or self.can(person, action, None) else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view" or Role.SYSTEM_ADMIN in person.roles:
            return ALLOWED
        return refused(_("Departments, posts and people are maintained by the system administrator."))


@policy_for(Department)
class DepartmentPolicy(_Directory):
    """`tidy_views`: its head removes views of lists that its people share."""

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action != "tidy_views":
            return super().can(person, action, obj)
        if Role.DEPARTMENT_HEAD in person.roles and obj is not None and obj.path == person.department_path:
            return ALLOWED
        return refused(_("A shared view is removed by who shared it or by the head of the department."))


@policy_for(Post)
class PostPolicy(_Directory):
    pass


@policy_for(Person)
class PersonPolicy(_Directory):
    pass


class _Administered(Policy):
    """Rows of one administration; the auditors read them, everybody sees their own."""

    keepers: frozenset[str] = frozenset()

    def own_rows(self, person: Viewer) -> Q:
        return NOBODY

    def filter(self, person: Viewer, action: str) -> Q:
        if person.roles & self.keepers:
            return EVERYTHING
        if action != "view":
            return NOBODY
        return EVERYTHING if person.roles & {Role.AUDITOR, Role.AUDIT_ADMIN} else self.own_rows(person)

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view" or person.roles & self.keepers:
            return ALLOWED
        return refused(_("Only the administrator responsible may do this."))


@policy_for(Account)
class AccountPolicy(_Administered):
    """The system administrator keeps accounts; one of a person who decides or administers is opened by the security
    administrator (`open`), who knows no password of it: nobody alone can act as somebody else.
    """

    keepers = frozenset({Role.SYSTEM_ADMIN})

    def own_rows(self, person: Viewer) -> Q:
        return Q(person_id=person.pk)

    def filter(self, person: Viewer, action: str) -> Q:
        if Role.SECURITY_ADMIN in person.roles and action in ("view", "open"):
            return EVERYTHING
        return super().filter(person, action)

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "open":
            allowed = Role.SECURITY_ADMIN in person.roles
            refusal = refused(_("The security administrator opens accounts of people with a role."))
            return ALLOWED if allowed else refusal
        return super().can(person, action, obj)


class _ConfirmedBySecurity(_Administered):
    """What a system administrator makes and the security administrator confirms."""

    keepers = frozenset({Role.SYSTEM_ADMIN})

    def filter(self, person: Viewer, action: str) -> Q:
        if Role.SECURITY_ADMIN in person.roles and action in ("view", "confirm"):
            return EVERYTHING
        return NOBODY if action == "confirm" else super().filter(person, action)

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "confirm":
            allowed = Role.SECURITY_ADMIN in person.roles
            return ALLOWED if allowed else refused(_("The security administrator confirms this."))
        return super().can(person, action, obj)


@policy_for(ApiKey)
class ApiKeyPolicy(_ConfirmedBySecurity):
    """`revoke`: the system administrator, and whomever the key acts for."""

    def own_rows(self, person: Viewer) -> Q:
        return Q(account__person_id=person.pk)

    def filter(self, person: Viewer, action: str) -> Q:
        is_own = action == "revoke" and Role.SYSTEM_ADMIN not in person.roles
        return self.own_rows(person) if is_own else super().filter(person, action)

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "revoke" and obj is not None and obj.account.person_id == person.pk:
            return ALLOWED
        return super().can(person, action, obj)


@policy_for(Move)
class MovePolicy(_ConfirmedBySecurity):
    def own_rows(self, person: Viewer) -> Q:
        return Q(person_id=person.pk)


@policy_for(RoleGrant)
class RoleGrantPolicy(_Administered):
    keepers = frozenset({Role.SECURITY_ADMIN})

    def own_rows(self, person: Viewer) -> Q:
        return Q(person_id=person.pk)
