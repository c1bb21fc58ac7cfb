"""Roles: given and taken by the security administrator; the first administrators of an empty system."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.people.models import Account, Department, Person, RoleGrant
from crm.kernel.people.roles import TRUSTED, AuthorityLevel, Role, power_of
from crm.kernel.people.services.accounts import account_create, close_account
from crm.kernel.people.services.directory import department_create, person_create
from crm.kernel.people.services.held import hold_person, tell_people
from crm.kernel.workdays import clock


@transaction.atomic
def role_grant(
    *,
    person: Person,
    role: str,
    authority_level: int = AuthorityLevel.NONE,
    valid_until: date | None = None,
    by: Viewer,
) -> RoleGrant:
    """Give `person` a role from today. Two powers never meet in one person (三员分立): the database refuses.

    The first trusted role closes the accounts the person has and ends their keys (ADR 7): they were made by one.
    """
    require(by, "create", RoleGrant)
    row = hold_person(person)
    if not row.is_active:
        raise RuleRefused(_("This person has left and cannot be granted a role."), field="person")
    if valid_until is not None and valid_until < clock.today():
        raise RuleRefused(_("The end date of a role cannot be in the past."), field="valid_until")
    first_trust = role in TRUSTED and not by.is_system and row.roles.isdisjoint(TRUSTED)
    grant = RoleGrant(
        person=person,
        role=role,
        power=power_of(role),
        authority_level=authority_level,
        valid_until=valid_until,
        granted_by_id=by.pk,
    )
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as error:
        raise _role_refusal(error) from None
    person.__dict__.pop("_held", None)
    closed = _close_for_two(row, role, by) if first_trust else []
    data = {"role": role, "level": int(authority_level), "accounts_closed": closed}
    record("role.granted", subject=person, by=by, data=data)
    tell_people([row.pk], act="role.granted", subject=grant, by=by)
    return grant


def _close_for_two(person: Person, role: str, by: Viewer) -> list[str]:
    """Who made an account while one was enough may know its password and hold its keys: from now on neither opens
    anything. A system administrator resets the password, the security administrator opens the account.
    """
    accounts = list(person.accounts.select_for_update().order_by("pk"))
    for account in accounts:
        close_account(account, by=by, role=role, grants=False)
    return [account.login for account in accounts]


def _role_refusal(error: IntegrityError) -> RuleRefused:
    text = str(error)
    if "one_power" in text:
        return RuleRefused(
            _("Business, system, security and audit powers cannot be combined in one person."),
            field="role",
            code="toxic_pair",
        )
    if "apart_from_committee" in text:
        return RuleRefused(
            _("The general manager and the board are no members of the credit committee."),
            field="role",
            code="toxic_pair",
        )
    if "not_to_oneself" in text:
        return RuleRefused(_("You cannot grant a role to yourself."), field="person", code="own_grant")
    if "no_overlap" in text:
        return RuleRefused(_("This person already holds this role."), field="role", code="role_held")
    return RuleRefused(_("Only a final approver has an authority level, and it is required."), field="authority_level")


@transaction.atomic
def role_revoke(*, grant: RoleGrant, by: Viewer) -> None:
    """End a role now: the next request of the person no longer has it. One that has ended stays as it was."""
    person, grant = grant.person, permit(RoleGrant, by, "change", lock=True, pk=grant.pk)
    if grant.has_ended:
        raise Conflict(_("This role has ended already."))
    today = clock.today()
    if grant.valid_from >= today:
        grant.delete()
    else:
        grant.valid_until = today.fromordinal(today.toordinal() - 1)
        grant.save(update_fields=["valid_until"])
    person.__dict__.pop("_held", None)
    record("role.revoked", subject=person, by=by, data={"role": grant.role})


FIRST_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


@transaction.atomic
def first_admin(*, name: str, login: str, password: str, role: str = Role.SYSTEM_ADMIN, by: Viewer) -> Account:
    """The first administrator of one of the three powers; refused once that role has a holder."""
    if role not in FIRST_ROLES:
        raise BadInput(_("Only one of the three administrators can be created this way."), field="role")
    if RoleGrant.objects.filter(role=role).exists():
        raise Conflict(_("An administrator of this kind already exists."), code="not_first")
    department = Department.objects.filter(parent=None).first() or department_create(
        code="0001", name=str(_("Head office")), by=by
    )
    person = person_create(name=name, employee_no=f"A{Person.objects.count() + 1:04d}", department=department, by=by)
    role_grant(person=person, role=role, by=by)
    return account_create(person=person, login=login, password=password, by=by)
