"""The three questions a service asks before it acts: visible, permitted, and is this the version that was seen?"""

from typing import TypeVar, cast

from django.db.models import Model

from crm.kernel.access.errors import NotPermitted, NotVisible, PreconditionRequired, Stale
from crm.kernel.access.policies import Decision, Viewer, policy_of
from crm.kernel.access.querysets import AccessQuerySet

M = TypeVar("M", bound=Model)


def _visible(model: type[M], person: Viewer) -> AccessQuerySet[M]:
    rows = cast(AccessQuerySet[M], model._default_manager.all())
    return rows.visible_to(person)


def may(person: Viewer, action: str, obj: Model | type[Model]) -> Decision:
    """Whether `person` may do `action` to `obj` (a model class for acts without an object yet)."""
    model, instance = (obj, None) if isinstance(obj, type) else (type(obj), obj)
    if person.is_system:
        return Decision(True)
    if not person.is_active:
        return Decision(False)
    return policy_of(model).can(person, action, instance)


def require(person: Viewer, action: str, obj: Model | type[Model]) -> None:
    """Refuse unless `person` may do `action`: NotVisible if the row is not theirs to see, else NotPermitted."""
    if not isinstance(obj, type) and not _visible(type(obj), person).filter(pk=obj.pk).exists():
        raise NotVisible
    decision = may(person, action, obj)
    if not decision:
        raise NotPermitted(decision.reason)


def get_visible(model: type[M], person: Viewer, *, lock: bool = False, **lookup: object) -> M:
    """The one row of `model` that `lookup` names, if `person` may see it; NotVisible otherwise.

    With `lock` the row (and none it joins) is held until the transaction ends.
    """
    rows = _visible(model, person).filter(**lookup)
    if lock:
        # A scope may join or repeat rows; the lock is taken on the bare row it found.
        bare = model._default_manager.filter(pk__in=rows.values("pk"))
        found = bare.select_for_update(of=("self",)).first()
    else:
        found = rows.first()
    if found is None:
        raise NotVisible
    return found


def check_version(obj: Model, expected_version: int | None) -> None:
    """Refuse a write that starts from no version (428) or from an old one (412). Call it under the row's lock."""
    if expected_version is None:
        raise PreconditionRequired(field="version")
    current = obj.version  # type: ignore[attr-defined]
    if current != expected_version:
        raise Stale(field="version", details={"current_version": current})
