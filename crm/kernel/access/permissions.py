"""Django's question `user.has_perm("app.view_thing", thing)`, answered by the policies.

Libraries for Django ask it of the authentication backend. The answer is the one that page, API and admin give; there is
no second source. Grants are exceptions inside a policy and are read there.
"""

from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from crm.kernel.access.checks import may, require
from crm.kernel.access.errors import DomainError
from crm.kernel.access.policies import EVERYTHING, Viewer, policy_of, registered_models

# Django's word for an act where it differs from ours.
ACTIONS = {"add": "create"}


def parse_permission(permission: str) -> tuple[str, type[Model]] | None:
    """The act and the model of `app.act_model`; None for what names no model with a policy."""
    app, _dot, codename = permission.partition(".")
    action, _line, name = codename.rpartition("_")
    try:
        model = apps.get_model(app, name)
    except (LookupError, ValueError):
        return None
    return (ACTIONS.get(action, action), model) if model in registered_models() else None


def has_permission(person: Viewer, permission: str, obj: Model | None = None) -> bool:
    """Whether `person` may do what `permission` names to `obj`.

    Without a row: whether to every row there is, because libraries take a yes for all rows; "add" needs no row.
    """
    parsed = parse_permission(permission)
    if parsed is None or not person.is_active:
        return False
    action, model = parsed
    if obj is None:
        if action == "create":
            return bool(may(person, action, model))
        return policy_of(model).filter(person, action) == EVERYTHING
    if not isinstance(obj, model) or obj.pk is None:
        return False
    try:
        require(person, action, obj)
    except DomainError:
        return False
    return True


def list_permissions(person: Viewer, obj: Model) -> list[str]:
    """Codenames of the model's Django permissions that `person` has on `obj`, as guardian's `get_perms` names them."""
    meta = obj._meta
    names = [f"{action}_{meta.model_name}" for action in meta.default_permissions]
    return [name for name in names if has_permission(person, f"{meta.app_label}.{name}", obj)]


def list_permitted(person: Viewer, permission: str) -> QuerySet[Any]:
    """The rows on which `person` has `permission`, as guardian's `get_objects_for_user` finds them; LookupError for
    a permission of no model with a policy."""
    parsed = parse_permission(permission)
    if parsed is None:
        raise LookupError(permission)
    action, model = parsed
    return model._default_manager.visible_to(person).filter(policy_of(model).filter(person, action))  # type: ignore[attr-defined]


class PolicyPermissions:
    """What an authentication backend answers about permissions. Mix into the backend; accounts carry `person`."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """The policy's answer for an active account; never for a visitor."""
        person = getattr(user_obj, "person", None)
        return person is not None and user_obj.is_active and has_permission(person, perm, obj)

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Full names of what the account may do to `obj`; without one nothing is listed."""
        person = getattr(user_obj, "person", None)
        if person is None or obj is None or not user_obj.is_active:
            return set()
        return {f"{obj._meta.app_label}.{name}" for name in list_permissions(person, obj)}

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the account may see the list of some model of the app."""
        person = getattr(user_obj, "person", None)
        models = [model for model in registered_models() if model._meta.app_label == app_label]
        return person is not None and user_obj.is_active and any(may(person, "view", model) for model in models)
