"""Reads start here: rows a person may not see do not exist for that person."""

from typing import Any, Self, TypeVar

from django.db.models import Manager, Model, Q, QuerySet

from crm.kernel.access.policies import EVERYTHING, NOBODY, Viewer, policy_of

M = TypeVar("M", bound=Model)


class AccessQuerySet(QuerySet[M]):
    def visible_to(self, person: Viewer, action: str = "view") -> Self:
        """Rows on which `person` may do `action`. The system sees all, an inactive person nothing."""
        if person.is_system:
            return self.all()
        if not person.is_active:
            return self.none()
        return self.filter(policy_of(self.model).filter(person, action))


def visible_at(path: str, model: type[Any], person: Viewer, action: str = "view") -> Q:
    """For a scope of rows that lead to a row of `model` by `path`: those whose row `person` may see, or do `action` to.

    Said in the query's own joins where the model's policy can, else by a query of the visible rows.
    """
    if person.is_system:
        return EVERYTHING
    if not person.is_active:
        return NOBODY
    said = policy_of(model).filter_at(person, action, path)
    if said is not None:
        return said
    return Q(**{f"{path}__in": model._default_manager.visible_to(person, action).order_by().values("pk")})


AccessManager = Manager.from_queryset(AccessQuerySet)
