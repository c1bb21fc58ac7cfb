"""Writes about people: accounts, roles, keys, the first administrator."""

import re
import secrets
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import check_version, get_visible, permit, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused, Text
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.people.api_auth import digest_of
from crm.kernel.people.models import Account, ApiKey, Department, Person, Post, RoleGrant
from crm.kernel.people.roles import TRUSTED, AuthorityLevel, Role, power_of
from crm.kernel.workdays import clock

# A dot in a code would make two departments of one in the path.
CODE = re.compile(r"[\w-]+")
LONGEST_PATH = Department._meta.get_field("path").max_length or 0


@transaction.atomic
def department_create(*, code: str, name: str, parent: Department | None = None, by: Viewer) -> Department:
    """A new node of the tree under `parent` (None: a root)."""
    require(by, "create", Department)
    # Held, so that a parent on the move does not leave its new child at the old path.
    parent = get_visible(Department, by, lock=True, pk=parent.pk) if parent else None
    if not CODE.fullmatch(code):
        raise BadInput(_("A code may contain only letters, digits, hyphens and underscores."), field="code")
    _check_depth(len(parent.path if parent else "") + len(code) + 1)
    department = Department(code=code, name=name, parent=parent)
    _insert(department, field="code", taken=_("This code is already in use."))
    record("department.created", subject=department, by=by, after={"name": name, "path": department.path})
    return department


def _insert(row: Model, *, field: str, taken: Text) -> None:
    """Store a new row; Conflict when its one unique field is taken, also by somebody at this very moment."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(taken, field=field) from None


def _check_depth(length: int) -> None:
    """The codes down to a department are kept in one column."""
    if length > LONGEST_PATH:
        raise RuleRefused(_("The department would be too deep in the hierarchy."), field="parent")


@transaction.atomic
def department_move(
    *, department: Department, parent: Department | None, expected_version: int | None, by: Viewer
) -> Department:
    """Hang `department` with its whole subtree under `parent`; a department may not come under itself."""
    require(by, "change", department)
    # The whole tree is held: two moves at one moment could make a circle of what each alone may do.
    tree = {row.pk: row for row in Department.objects.select_for_update(no_key=True).order_by("pk")}
    row, above = tree[department.pk], tree[parent.pk] if parent else None
    check_version(row, expected_version)
    if above is not None and above.path.startswith(row.path):
        raise RuleRefused(_("A department cannot be its own parent."), field="parent")
    old, new = row.path, f"{above.path if above else ''}{row.code}."
    deepest = max(len(node.path) for node in tree.values() if node.path.startswith(old))
    _check_depth(deepest - len(old) + len(new))
    row.parent = above
    row.version += 1
    row.save()
    Department.objects.filter(path__startswith=old).exclude(pk=row.pk).update(
        path=Concat(Value(row.path), Substr(F("path"), len(old) + 1))
    )
    record("department.moved", subject=row, by=by, before={"path": old}, after={"path": row.path})
    return row


@transaction.atomic
def person_create(
    *, name: str, employee_no: str, department: Department, post: Post | None = None, email: str = "", by: Viewer
) -> Person:
    """A new person; roles and accounts are given apart."""
    require(by, "create", Person)
    person = Person(name=name, employee_no=employee_no, department=department, post=post, email=email)
    _insert(person, field="employee_no", taken=_("This employee number is already in use."))
    record("person.created", subject=person, by=by, after={"employee_no": employee_no, "department": department.path})
    return person


@transaction.atomic
def post_create(*, code: str, name: str, by: Viewer) -> Post:
    """A new position of the post catalogue."""
    require(by, "create", Post)
    post = Post(code=code, name=name)
    _insert(post, field="code", taken=_("This code is already in use."))
    record("post.created", subject=post, by=by, after={"code": code, "name": name})
    return post


@transaction.atomic
def person_update(
    *,
    person: Person,
    name: str,
    department: Department,
    post: Post | None,
    email: str | None = None,
    expected_version: int | None,
    by: Viewer,
) -> Person:
    """A new name, department, post or e-mail (None: as it is). A move changes what a head of department sees from the
    next request on.
    """
    row = permit(Person, by, "change", expected_version=expected_version, lock=True, pk=person.pk)
    before = {"name": row.name, "department": row.department_id, "post": row.post_id, "email": row.email}
    row.name, row.department, row.post = name, department, post
    row.email = row.email if email is None else email
    row.version += 1
    row.save(update_fields=["name", "department", "post", "email", "version"])
    after = {"name": name, "department": department.pk, "post": post.pk if post else None, "email": row.email}
    record("person.updated", subject=row, by=by, before=before, after=after)
    return row


@transaction.atomic
def person_deactivate(*, person: Person, reason: str, expected_version: int | None, by: Viewer) -> Person:
    """Leave: the person and all accounts stop at once; nothing is deleted."""
    row = permit(Person, by, "change", expected_version=expected_version, lock=True, pk=person.pk)
    row.is_active = False
    row.version += 1
    row.save(update_fields=["is_active", "version"])
    Account.objects.filter(person=row).update(is_active=False, version=F("version") + 1)
    record("person.deactivated", subject=row, by=by, data={"reason": reason})
    return row


@transaction.atomic
def account_create(
    *, person: Person, login: str, password: str, must_change_password: bool = True, by: Viewer
) -> Account:
    """A way in for `person`; the first login asks for a new password unless told otherwise (demo, other systems).

    For a person with a trusted role it stays closed until the security administrator opens it (`account_switch`).
    """
    require(by, "create", Account)
    login = login.strip().lower()
    account = Account(person=person, login=login, must_change_password=must_change_password)
    account.is_active = not _takes_two(person, by)
    if not by.is_system:
        _check_password(account, password, field="password")
    account.set_password(password)
    _insert(account, field="login", taken=_("This login is already in use."))
    record("account.created", subject=account, by=by, data={"person": person.pk, "open": account.is_active})
    return account


def _takes_two(person: Person, by: Viewer) -> bool:
    """Whether an account of `person` may not be opened by who knows its password.

    The person is held, so that no account or key slips past a role that is granted at the same moment; every act
    holds the person first and the account after.
    """
    return not by.is_system and not _held(person).roles.isdisjoint(TRUSTED)


def _held(person: Person) -> Person:
    """The row under its lock, as it is now."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


@transaction.atomic
def account_reset(*, account: Account, password: str, expected_version: int | None, by: Viewer) -> Account:
    """A temporary password from the administrator; the next login asks for a new one, the account's keys end.

    An account of a trusted person is closed by it and opened again by the security administrator.
    """
    takes_two = _takes_two(account.person, by)
    account = permit(Account, by, "change", expected_version=expected_version, lock=True, pk=account.pk)
    _check_password(account, password, field="password")
    account.set_password(password)
    account.must_change_password = True
    account.is_active = account.is_active and not takes_two
    account.version += 1
    account.save(update_fields=["password", "must_change_password", "is_active", "version"])
    ApiKey.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=clock.now())
    record("account.password_reset", subject=account, by=by, data={"open": account.is_active})
    return account


@transaction.atomic
def account_switch(*, account: Account, is_active: bool, expected_version: int | None, by: Viewer) -> Account:
    """Close an account, or open it again if its person still works here. It bites in the next request."""
    takes_two = is_active and _takes_two(account.person, by)
    action = "open" if takes_two else "change"
    account = permit(Account, by, action, expected_version=expected_version, lock=True, pk=account.pk)
    if is_active and not account.person.is_active:
        raise RuleRefused(_("This person has left; their account stays closed."), field="is_active")
    account.is_active = is_active
    account.version += 1
    account.save(update_fields=["is_active", "version"])
    record("account.opened" if is_active else "account.closed", subject=account, by=by)
    return account


def _check_password(account: Account, password: str, *, field: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise BadInput(errors={field: error.messages}) from None


@transaction.atomic
def password_change(*, account: Account, new_password: str, by: Viewer) -> Account:
    """Set a new password of one's own; it may not be the old one. A reset that came between counts, not this."""
    if account.person_id != by.pk:
        require(by, "change", account)
    row = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if row.password != account.password:
        raise BadInput(_("The current password is incorrect."), field="old_password")
    _check_password(row, new_password, field="new_password")
    if row.check_password(new_password):
        raise BadInput(_("The new password must differ from the old one."), field="new_password")
    row.set_password(new_password)
    row.must_change_password = False
    row.save(update_fields=["password", "must_change_password"])
    record("account.password_changed", subject=row, by=by)
    return row


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
    row = _held(person)
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
    return grant


def _close_for_two(person: Person, role: str, by: Viewer) -> list[str]:
    """Who made an account while one was enough may know its password and hold its keys: from now on neither opens
    anything. A system administrator resets the password, the security administrator opens the account.
    """
    accounts = list(person.accounts.select_for_update().order_by("pk"))
    for account in accounts:
        keys = ApiKey.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=clock.now())
        account.set_unusable_password()
        account.must_change_password = True
        account.is_active = False
        account.version += 1
        account.save(update_fields=["password", "must_change_password", "is_active", "version"])
        record("account.closed", subject=account, by=by, data={"role": role, "keys_ended": keys})
    return [account.login for account in accounts]


def _role_refusal(error: IntegrityError) -> RuleRefused:
    text = str(error)
    if "one_power" in text:
        return RuleRefused(
            _("Business, system, security and audit powers cannot be combined in one person."),
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


@transaction.atomic
def api_key_create(*, account: Account, name: str, by: Viewer) -> str:
    """A new key for `account`; returned once, kept only as a hash."""
    require(by, "create", ApiKey)
    if _takes_two(account.person, by):
        raise RuleRefused(
            _("Keys for reviewers and administrators are created by the operator on the command line."),
            field="account",
            code="trusted",
        )
    if ApiKey.objects.filter(account=account, name=name).exists():
        raise Conflict(_("This account already has a key with this name."), field="name")
    key = f"sk_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(account=account, name=name, digest=digest_of(key))
    record("api_key.created", subject=row, by=by, data={"account": account.login, "label": name})
    return key


@transaction.atomic
def api_key_revoke(*, key: ApiKey, by: Viewer) -> ApiKey:
    """End a key: the next request with it is refused. The row stays."""
    key = permit(ApiKey, by, "change", lock=True, pk=key.pk)
    if key.revoked_at is not None:
        raise Conflict(_("This key has already been revoked."))
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    record("api_key.revoked", subject=key, by=by, data={"account": key.account_id})
    return key


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
