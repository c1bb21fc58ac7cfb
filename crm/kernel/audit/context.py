"""Who acts, through which entry point, in which request: what `record()` needs and nobody wants to pass along by hand.

The actor is always given (`by=`); the rest of a request's circumstances travels in a context variable that middleware,
the task base class and commands set at the border.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from django.utils import timezone


class Door(StrEnum):
    """The entry points. The same rules apply to each of them; the audit row says which one was used."""

    PAGE = "page"
    API = "api"
    ADMIN = "admin"
    IMPORT = "import"
    TASK = "task"
    COMMAND = "command"


class ActsAs(Protocol):
    """What audit needs of an actor: a person, or `SYSTEM`. Read-only properties, so that model fields satisfy it."""

    @property
    def pk(self) -> Any: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class System:
    """The system itself, acting by its clock. It is given wherever a `Person` may be given (`by=SYSTEM`) and holds no
    role.
    """

    pk: None = None
    name: str = "system"
    roles: frozenset[str] = frozenset()
    is_system: bool = True
    is_active: bool = True
    authority_level: int = 0
    department_path: str = ""
    covers_wholly: frozenset[int] = frozenset()
    covered_roles: frozenset[str] = frozenset()
    kept: None = None

    def has_role(self, *roles: str) -> bool:
        """Always false: what the system may do is decided by the service that lets it act, not by a role."""
        return False

    def __str__(self) -> str:
        return self.name


SYSTEM = System()


@dataclass(frozen=True)
class Actor:
    """The actor as an audit row keeps it: ids and names, no reference that could die or be renamed."""

    person_id: int | None
    person_name: str
    account_id: int | None = None
    account_name: str = ""
    on_behalf_of_id: int | None = None
    on_behalf_of_name: str = ""
    roles: str = ""


@dataclass(frozen=True)
class RequestContext:
    """The circumstances of one request, task or command. Account is the login used; the person comes with `by=`."""

    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    ip: str | None = None
    door: str = Door.COMMAND
    account_id: int | None = None
    account_name: str = ""


_current: ContextVar[RequestContext | None] = ContextVar("audit_context", default=None)
_clock: list[Callable[[], datetime]] = [timezone.now]


def current() -> RequestContext:
    """The context of this request or task; outside of any, an empty one with door `command`."""
    return _current.get() or RequestContext(request_id="")


@contextmanager
def context(
    *,
    door: str,
    request_id: str = "",
    ip: str | None = None,
    account_id: int | None = None,
    account_name: str = "",
) -> Iterator[RequestContext]:
    """Set the circumstances for the block. Without a `request_id` a new one (32 hex digits) is drawn."""
    entered = RequestContext(
        request_id=request_id or uuid.uuid4().hex,
        ip=ip or None,
        door=Door(door).value,
        account_id=account_id,
        account_name=account_name,
    )
    token = _current.set(entered)
    try:
        yield entered
    finally:
        _current.reset(token)


def bind_account(*, account_id: int | None, account_name: str) -> None:
    """Name the account once it is known (API keys are read later than the middleware runs). Lasts until the block
    ends.
    """
    _current.set(replace(current(), account_id=account_id, account_name=account_name))


def use_clock(clock: Callable[[], datetime]) -> None:
    """Take the time of events from the system's one clock. Audit lies below that clock, so it is handed in at start-
    up.
    """
    _clock[0] = clock


def now() -> datetime:
    """The time that events carry as `at` (aware). The database adds its own `written_at`, which nobody can set."""
    return _clock[0]()


def actor_of(by: ActsAs | Actor, *, on_behalf_of: ActsAs | None = None) -> Actor:
    """Freeze the actor, with the account of the current context.

    Roles are those held at the moment of the act (domain rules 7.4 ask for the role in each row).
    """
    if isinstance(by, Actor):
        return by
    circumstances = current()
    return Actor(
        person_id=by.pk,
        person_name=str(by.name),
        account_id=circumstances.account_id,
        account_name=circumstances.account_name,
        on_behalf_of_id=on_behalf_of.pk if on_behalf_of else None,
        on_behalf_of_name=str(on_behalf_of.name) if on_behalf_of else "",
        roles=",".join(sorted(str(role) for role in getattr(by, "roles", ()))),
    )
