"""The directory: departments, posts, people. What changes who sees what waits for a second person."""

import re

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import ANY_VERSION, check_version, get_visible, permit, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.people.models import Department, Move, Person, Post
from crm.kernel.people.services.accounts import close_account
from crm.kernel.people.services.held import insert, tell_people

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
    insert(department, field="code", taken=_("This code is already in use."))
    record("department.created", subject=department, by=by, after={"name": name, "path": department.path})
    return department


def _check_depth(length: int) -> None:
    """The codes down to a department are kept in one column."""
    if length > LONGEST_PATH:
        raise RuleRefused(_("The department would be too deep in the hierarchy."), field="parent")


@transaction.atomic
def department_move(
    *, department: Department, parent: Department | None, expected_version: int | None, by: Viewer
) -> Department:
    """Ask that `department` with its whole subtree come under `parent`. It moves once a second person confirms
    (`move_confirm`); at once by the system.
    """
    require(by, "change", department)
    row = place_department(department, parent, check_only=not by.is_system, expected_version=expected_version)
    if by.is_system:
        record("department.moved", subject=row, by=by, before={"path": department.path}, after={"path": row.path})
    else:
        _propose(Move(department=row, target=parent), by=by)
    return row


def place_department(
    department: Department,
    parent: Department | None,
    *,
    check_only: bool = False,
    expected_version: int | None = ANY_VERSION,
) -> Department:
    """Hang `department` under `parent` (None: a root); a department may not come under itself.

    The whole tree is held: two moves at one moment could make a circle of what each alone may do.
    """
    tree = {row.pk: row for row in Department.objects.select_for_update(no_key=True).order_by("pk")}
    row, above = tree[department.pk], tree[parent.pk] if parent else None
    if expected_version is not ANY_VERSION:
        check_version(row, expected_version)
    if above is not None and above.path.startswith(row.path):
        raise RuleRefused(_("A department cannot be its own parent."), field="parent")
    old, new = row.path, f"{above.path if above else ''}{row.code}."
    deepest = max(len(node.path) for node in tree.values() if node.path.startswith(old))
    _check_depth(deepest - len(old) + len(new))
    if not check_only:
        row.parent = above
        row.version += 1
        row.save()
        Department.objects.filter(path__startswith=old).exclude(pk=row.pk).update(
            path=Concat(Value(row.path), Substr(F("path"), len(old) + 1))
        )
    return row


@transaction.atomic
def person_create(
    *, name: str, employee_no: str, department: Department, post: Post | None = None, email: str = "", by: Viewer
) -> Person:
    """A new person; roles and accounts are given apart."""
    require(by, "create", Person)
    person = Person(name=name, employee_no=employee_no, department=department, post=post, email=email)
    insert(person, field="employee_no", taken=_("This employee number is already in use."))
    record("person.created", subject=person, by=by, after={"employee_no": employee_no, "department": department.path})
    return person


@transaction.atomic
def post_create(*, code: str, name: str, by: Viewer) -> Post:
    """A new position of the post catalogue."""
    require(by, "create", Post)
    post = Post(code=code, name=name)
    insert(post, field="code", taken=_("This code is already in use."))
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
    """A new name, department, post or e-mail (None: as it is).

    Another department changes what the person sees: it is proposed, and a second person confirms it (`move_confirm`);
    at once by the system. Of a new e-mail the person is told.
    """
    row = permit(Person, by, "change", expected_version=expected_version, lock=True, pk=person.pk)
    before = {"name": row.name, "department": row.department_id, "post": row.post_id, "email": row.email}
    moves = department.pk != row.department_id
    row.name, row.post = name, post
    row.email = row.email if email is None else email
    if by.is_system:
        row.department = department
    row.version += 1
    row.save(update_fields=["name", "name_pinyin", "department", "post", "email", "version"])
    after = {"name": name, "department": row.department_id, "post": post.pk if post else None, "email": row.email}
    record("person.updated", subject=row, by=by, before=before, after=after)
    if before["email"] != row.email:
        tell_people([row.pk], act="person.updated", subject=row, by=by)
    if moves and not by.is_system:
        _propose(Move(person=row, target=department), by=by)
    return row


def _propose(move: Move, *, by: Viewer) -> Move:
    """A move that waits for a second person; nobody proposes their own."""
    move.proposed_by_id = by.pk
    try:
        with transaction.atomic():
            move.save(force_insert=True)
    except IntegrityError as error:
        if "not_of_oneself" in str(error):
            raise RuleRefused(_("You cannot move yourself."), field="department", code="own_move") from None
        raise Conflict(_("Another move of it is already waiting for confirmation.")) from None
    record("move.proposed", subject=move, by=by, data=move.facts())
    return move


@transaction.atomic
def person_deactivate(*, person: Person, reason: str, expected_version: int | None, by: Viewer) -> Person:
    """Leave: the person stops at once, and every account is closed for good; no record is deleted."""
    row = permit(Person, by, "change", expected_version=expected_version, lock=True, pk=person.pk)
    row.is_active = False
    row.version += 1
    row.save(update_fields=["is_active", "version"])
    for account in row.accounts.select_for_update().order_by("pk"):
        close_account(account, by=by)
    record("person.deactivated", subject=row, by=by, data={"reason": reason})
    return row
