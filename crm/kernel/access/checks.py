"""The questions of a write: is the row visible, is the act permitted, is this the version that was seen?

`ask` and `permit` answer them in one query. A page or API view asks once before it draws or reads the form; the
service asks once again under the lock, because the answer of the view may have aged.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When

from crm.kernel.access.errors import DomainError, NotPermitted, NotVisible, PreconditionRequired, Stale
from crm.kernel.access.policies import ALLOWED, Decision, RowPolicy, Viewer, policy_of
from crm.kernel.access.querysets import AccessQuerySet

M = TypeVar("M", bound=Model)

# For acts that do not start from a version: nothing is compared.
ANY_VERSION: Final[Any] = object()


@dataclass(frozen=True)
class Permit(Generic[M]):
    """A visible row, and what was asked about it at that moment."""

    row: M
    decisions: Mapping[str, Decision]

    def may(self, action: str) -> Decision:
        """The answer for `action`; KeyError when it was not asked."""
        return self.decisions[action]

    def require(self, action: str) -> None:
        """NotPermitted with the policy's reason unless `action` is permitted."""
        decision = self.may(action)
        if not decision:
            raise NotPermitted(decision.reason)


def ask(
    model: type[M],
    person: Viewer,
    *actions: str,
    lock: bool = False,
    rows: QuerySet[M] | None = None,
    **lookup: object,
) -> Permit[M]:
    """The row of `model` that `lookup` names, with the policy's answer to each of `actions`; NotVisible otherwise.

    One query where the policy is a `RowPolicy`; any other policy's `can` is called for the row that was found and may
    read more. `rows` adds what to select (`select_related`, `defer`). With `lock` the row is held until the transaction
    ends; if somebody else holds it, this waits and then asks again, so the answer is never older than the lock.
    """
    policy = policy_of(model)
    asked = actions if isinstance(policy, RowPolicy) and not person.is_system else ()
    source = cast(AccessQuerySet[M], model._default_manager.all() if rows is None else rows)
    visible = source.visible_to(person).filter(**lookup).order_by()
    for place, action in enumerate(asked):
        visible = visible.annotate(**{f"_may_{place}": as_answer(policy.filter(person, action))})
    found = _lock_first(model, visible) if lock else _first(visible)
    if found is None:
        raise NotVisible
    answers = {action: bool(found.__dict__.pop(f"_may_{place}")) for place, action in enumerate(asked)}
    decisions = {
        action: cast(RowPolicy, policy).decide(answers[action], action) if asked else may(person, action, found)
        for action in actions
    }
    return Permit(found, decisions)


def permit(
    model: type[M],
    person: Viewer,
    action: str,
    *,
    expected_version: int | None = ANY_VERSION,
    lock: bool = False,
    rows: QuerySet[M] | None = None,
    **lookup: object,
) -> M:
    """The row that `lookup` names, if `person` may do `action` to it. Asks what `ask` asks; see there.

    Refuses in this order: NotVisible, NotPermitted with the policy's reason, and where `expected_version` is given
    PreconditionRequired (None) or Stale.
    """
    found = ask(model, person, action, lock=lock, rows=rows, **lookup)
    found.require(action)
    if expected_version is not ANY_VERSION:
        check_version(found.row, expected_version)
    return found.row


def permit_many(model: type[M], person: Viewer, action: str, *, keys: Collection[Any]) -> dict[Any, M | DomainError]:
    """The rows of these keys under their locks, each if `person` may do `action` to it, else what refuses it.

    Asked after all of them are held, so that no answer is older than its lock. For models of a `RowPolicy`.
    """
    held = model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    list(held.values_list("pk", flat=True))
    policy = cast(RowPolicy, policy_of(model))
    visible = cast(AccessQuerySet[M], model._default_manager.all()).visible_to(person).filter(pk__in=keys).order_by()
    rows: dict[Any, Any] = {row.pk: row for row in visible.annotate(_may=as_answer(policy.filter(person, action)))}
    found: dict[Any, M | DomainError] = dict.fromkeys(keys, NotVisible())
    for key, row in rows.items():
        decision = policy.decide(bool(row.__dict__.pop("_may")), action)
        found[key] = row if decision else NotPermitted(decision.reason)
    return found


def as_answer(condition: Q) -> Any:
    """`condition` as a boolean column."""
    if not condition:
        return Value(True, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _lock_first(model: type[M], visible: QuerySet[M]) -> M | None:
    """The first row of `visible` under its lock, read after the lock was taken.

    A statement reads other tables as they were when it began. So a row that somebody holds is not waited for in the
    same statement: whoever held it may have taken away the right that is being asked for.
    """
    found = _first(visible.select_for_update(of=("self",), skip_locked=True))
    if found is not None:
        return found
    bare = model._default_manager.filter(pk__in=visible.values("pk")).order_by().only("pk")
    held = _first(bare.select_for_update(of=("self",)))
    return None if held is None else _first(visible.filter(pk=held.pk))


def _first(rows: QuerySet[M]) -> M | None:
    return next(iter(rows[:1]), None)


def may(person: Viewer, action: str, obj: Model | type[Model]) -> Decision:
    """Whether `person` may do `action` to `obj` (a model class for acts without an object yet)."""
    model, instance = (obj, None) if isinstance(obj, type) else (type(obj), obj)
    if person.is_system:
        return ALLOWED
    if not person.is_active:
        return Decision(False)
    return policy_of(model).can(person, action, instance)


def require(person: Viewer, action: str, obj: Model | type[Model]) -> None:
    """Refuse unless `person` may do `action`: NotVisible if the row is not theirs to see, else NotPermitted."""
    if not isinstance(obj, type):
        if isinstance(policy_of(type(obj)), RowPolicy):
            permit(type(obj), person, action, pk=obj.pk)
            return
        ask(type(obj), person, pk=obj.pk)
    decision = may(person, action, obj)
    if not decision:
        raise NotPermitted(decision.reason)


def get_visible(model: type[M], person: Viewer, *, lock: bool = False, **lookup: object) -> M:
    """The one row of `model` that `lookup` names, if `person` may see it; NotVisible otherwise.

    With `lock` the row (and none it joins) is held until the transaction ends.
    """
    return ask(model, person, lock=lock, rows=None, **lookup).row


def check_version(obj: Model, expected_version: int | None) -> None:
    """Refuse a write that starts from no version (428) or from an old one (412). Call it under the row's lock."""
    if expected_version is None:
        raise PreconditionRequired(field="version")
    current = obj.version  # type: ignore[attr-defined]
    if current != expected_version:
        raise Stale(field="version", details={"current_version": current})
