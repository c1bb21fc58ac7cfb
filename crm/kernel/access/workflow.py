"""Moves of a row as a table, and the one way to make one: lock, visible, permitted, version, state; then save, record.

Each module's `workflow.py` holds its `Workflow`. A service begins with `transition(...)`, does what is its own, and
ends with `write` and `record` of what it got.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet

from crm.kernel.access.checks import ANY_VERSION, Permit, ask, check_version, may, require
from crm.kernel.access.errors import DomainError, NotPermitted, PreconditionRequired
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.context import SYSTEM, ActsAs
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.services import record

M = TypeVar("M", bound=Model)
# A guard answers the refusal, or None when nothing speaks against the move.
Guard = Callable[[Any, Any], DomainError | None]


class Check(Enum):
    """The questions about a locked, visible row, in the order a workflow names them."""

    PERMITTED = "permitted"
    VERSION = "version"
    STATE = "state"
    GUARDS = "guards"


@dataclass(frozen=True)
class Move:
    """One act: the states it starts from, the state it leads to, who may, and what the audit trail calls it.

    `target` None: the state stays, or the service names it in `write`. `action` is the policy's action, `code` unless
    told; "" where the caller is a service that has asked its own policy. `guards` are names of `Workflow.guards`.
    """

    code: str
    sources: Sequence[Any]
    target: Any = None
    action: str | None = None
    audit: str = ""
    guards: Sequence[str] = ()

    @property
    def asked(self) -> str:
        """The policy's action."""
        return self.code if self.action is None else self.action


@dataclass(frozen=True)
class Workflow(Generic[M]):
    """The moves of one model.

    `state` is the attribute that `Move.sources` are compared with. `refuse_state(row, move)` answers the Conflict for a
    wrong state, `refuse_stale(row)` the refusal of an old version where the kernel's own words do not do. `lock_first`
    locks what comes before the row in the lock order, `rows` selects what the acts need. `prepare` brings the locked
    row up to date before it is judged and answers whether it changed anything. `checks`: the order of the questions.
    """

    model: type[M]
    moves: Sequence[Move]
    refuse_state: Callable[[M, Move], DomainError]
    state: str = "status"
    checks: Sequence[Check] = (Check.PERMITTED, Check.VERSION, Check.STATE, Check.GUARDS)
    guards: Mapping[str, Guard] = field(default_factory=dict)
    refuse_stale: Callable[[M], DomainError] | None = None
    version_field: str = "version"
    lock_first: Callable[[M], object] | None = None
    rows: Callable[[], QuerySet[M]] | None = None
    prepare: Callable[[M], bool] | None = None

    def __post_init__(self) -> None:
        codes = [move.code for move in self.moves]
        unknown = {name for move in self.moves for name in move.guards} - set(self.guards)
        if len(set(codes)) < len(codes) or unknown:
            raise ImproperlyConfigured(
                f"{self.model.__name__}: a move is named twice, or a guard is unknown: {unknown}"
            )

    @cached_property
    def by_code(self) -> dict[str, Move]:
        """Code → move."""
        return {move.code: move for move in self.moves}

    def is_possible(self, code: str, row: M) -> bool:
        """Whether the row stands where the move starts; pages draw the act only then."""
        return getattr(row, self.state) in self.by_code[code].sources


@dataclass(frozen=True)
class Transition(Generic[M]):
    """A locked row that may be moved. `write` and `record` are called once each, in the order the service needs."""

    row: M
    move: Move
    by: ActsAs
    state: str

    def write(self, *fields: str, to: Any = None, **changes: Any) -> M:
        """Set `changes` and the move's target (or `to`), count the version up, save them and the named `fields`."""
        target = self.move.target if to is None else to
        written = {**changes, **({} if target is None else {self.state: target})}
        for name, value in written.items():
            setattr(self.row, name, value)
        saved = list(dict.fromkeys([*fields, *written]))
        if isinstance(self.row, VersionedModel):
            self.row.version += 1
            saved.append("version")
        self.row.save(update_fields=saved)
        return self.row

    def record(self, action: str = "", *, subject: Model | None = None, **what: Any) -> AuditEvent:
        """Write the move's audit event (or `action`); `what` as `audit.services.record` takes it."""
        return record(action or self.move.audit, subject=subject or self.row, by=self.by, **what)


def transition(
    workflow: Workflow[M],
    code: str,
    obj: M,
    *,
    by: Any,
    expected_version: int | None = ANY_VERSION,
    lock: bool = True,
    is_locked: bool = False,
) -> Transition[M]:
    """The row of `obj`, locked and judged for the move `code`. Call it inside the transaction of the act.

    Refuses with NotVisible, then in the workflow's order: NotPermitted, PreconditionRequired or Stale (where the act
    starts from a version), the workflow's Conflict for a wrong state, and what the guards answer. A refusal has written
    nothing but what `prepare` wrote, which the caller's rollback takes back. `is_locked`: the caller holds the row and
    hands it in as it is now; only for a move without an action, whose policy the caller has asked.
    """
    move = workflow.by_code[code]
    if is_locked and move.asked:
        raise ImproperlyConfigured(f"{code}: a row that is handed in is not asked about")
    if workflow.lock_first is not None and lock and not is_locked:
        workflow.lock_first(obj)
    asker: Viewer = by if move.asked else SYSTEM
    in_one = (move.asked,) if move.asked and workflow.prepare is None else ()
    rows = None if workflow.rows is None else workflow.rows()
    found = Permit(obj, {}) if is_locked else ask(workflow.model, asker, *in_one, lock=lock, rows=rows, pk=obj.pk)
    row = found.row
    changed = workflow.prepare is not None and workflow.prepare(row)

    def check_permitted() -> None:
        if in_one:
            found.require(move.asked)
        elif move.asked and changed:
            require(by, move.asked, row)
        elif move.asked and not (decision := may(by, move.asked, row)):
            raise NotPermitted(decision.reason)

    def check_seen() -> None:
        if expected_version is not ANY_VERSION:
            _check_version(workflow, row, expected_version)

    def check_state() -> None:
        if getattr(row, workflow.state) not in move.sources:
            raise workflow.refuse_state(row, move)

    def check_guards() -> None:
        for name in move.guards:
            if (refusal := workflow.guards[name](row, by)) is not None:
                raise refusal

    questions = {
        Check.PERMITTED: check_permitted,
        Check.VERSION: check_seen,
        Check.STATE: check_state,
        Check.GUARDS: check_guards,
    }
    for check in workflow.checks:
        questions[check]()
    return Transition(row, move, by, workflow.state)


def _check_version(workflow: Workflow[M], row: M, expected_version: int | None) -> None:
    if expected_version is None:
        raise PreconditionRequired(field=workflow.version_field)
    if workflow.refuse_stale is not None and row.version != expected_version:  # type: ignore[attr-defined]
        raise workflow.refuse_stale(row)
    check_version(row, expected_version)
