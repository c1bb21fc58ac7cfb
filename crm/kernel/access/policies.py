"""One policy per model, in one registry: who sees which rows, who may do what to one of them, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, Q

from crm.kernel.access.errors import Text
from crm.kernel.access.kept import Kept
from crm.kernel.audit.context import ActsAs

NOBODY = Q(pk__in=[])
# Not an empty Q, which vanishes in `EVERYTHING | other` and leaves the other alone.
EVERYTHING = ~NOBODY


class Viewer(ActsAs, Protocol):
    """Whoever looks or acts: a `Person`, or `SYSTEM`. Access knows the shape only; people live above it."""

    @property
    def name(self) -> str: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def is_system(self) -> bool: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def department_path(self) -> str: ...
    @property
    def authority_level(self) -> int: ...
    @property
    def covers_wholly(self) -> frozenset[int]: ...
    @property
    def covered_roles(self) -> frozenset[str]: ...
    @property
    def kept(self) -> Kept | None: ...


def stands_for(person: Viewer) -> Any:
    """The keys of the person and of those they wholly stand in for today: whose work is theirs to do."""
    return [person.pk, *sorted(person.covers_wholly)] if person.covers_wholly else [person.pk]


@dataclass(frozen=True)
class Decision:
    """Whether an act is allowed and, if not, the reason in the user's words."""

    allowed: bool
    reason: Text = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refused(reason: Text) -> Decision:
    """A `Decision` against, with the reason a person will read."""
    return Decision(False, reason)


class Policy:
    """Deny unless a subclass says otherwise.

    `filter` scopes rows from plain columns first, grants after; `can` judges one act on one object
    (None for an act that has no object yet, such as "create").
    """

    def filter(self, person: Viewer, action: str) -> Q:
        return NOBODY

    def filter_at(self, person: Viewer, action: str, path: str) -> Q | None:
        """The same scope said of rows that lead here by `path` (foreign keys joined by "__"), in their own joins; None
        where only a query of this model's rows can say it.
        """
        return None

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(False)


class RowPolicy(Policy):
    """A policy whose `filter` is the whole answer for a row: visible and permitted are asked in one query.

    `reason` says why not; `can_without_row` judges acts that have no row yet.
    """

    def reason(self, action: str) -> Text:
        """Why `action` is refused, as the person reads it."""
        return ""

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        """The list ("view") is open to all; it holds what `filter` lets through."""
        return self.decide(action == "view", action)

    def decide(self, allowed: bool, action: str) -> Decision:
        """The decision that follows from whether `filter` lets the row through."""
        return ALLOWED if allowed else refused(self.reason(action))

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if obj is None:
            return self.can_without_row(person, action)
        rows = type(obj)._default_manager.filter(self.filter(person, action), pk=obj.pk)
        return self.decide(rows.exists(), action)


_registry: dict[type[Model], Policy] = {}


def policy_for(model: type[Model]) -> Callable[[type[Policy]], type[Policy]]:
    """Class decorator: registers the policy of `model`; a second one for the same model is a mistake."""

    def register(policy: type[Policy]) -> type[Policy]:
        if model in _registry:
            raise ImproperlyConfigured(f"{model.__name__} has two policies")
        _registry[model] = policy()
        return policy

    return register


def policy_of(model: type[Model]) -> Policy:
    """The policy of `model`; no policy is a programming error and never allows anything."""
    try:
        return _registry[model]
    except KeyError:
        raise ImproperlyConfigured(f"{model.__name__} has no policy: write one in its module's policies.py") from None


def registered_models() -> list[type[Model]]:
    """Every model with a policy, for tests that must not forget one."""
    return list(_registry)
