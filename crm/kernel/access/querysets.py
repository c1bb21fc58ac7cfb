"""Reads start here: rows a person may not see do not exist for that person."""

from typing import Self, TypeVar

from django.db.models import Manager, Model, QuerySet

from crm.kernel.access.policies import Viewer, policy_of

M = TypeVar("M", bound=Model)


class AccessQuerySet(QuerySet[M]):
    def visible_to(self, person: Viewer, action: str = "view") -> Self:
        """Rows on which `person` may do `action`. The system sees all, an inactive person nothing."""
        if person.is_system:
            return self.all()
        if not person.is_active:
            return self.none()
        return self.filter(policy_of(self.model).filter(person, action))


AccessManager = Manager.from_queryset(AccessQuerySet)
