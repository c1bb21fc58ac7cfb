"""Who imports: who may file what is imported. An import is its person's own; auditors read it."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.imports.models import ImportRun
from crm.kernel.people.roles import Role

IMPORTERS = frozenset({Role.ACCOUNT_MANAGER, Role.MARKETING_DEVELOPER, Role.DEPARTMENT_HEAD})
CHANGE = "change"


@policy_for(ImportRun)
class ImportRunPolicy(RowPolicy):
    """view: who uploaded it, auditors. change (assign, import, stop, undo): who uploaded it, while the role lasts."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view" and Role.AUDITOR in person.roles:
            return EVERYTHING
        if action == "view" or (action == CHANGE and person.roles & IMPORTERS):
            return Q(person=person.pk)
        return NOBODY

    def reason(self, action: str) -> Text:
        if action == "create":
            return _("Only account managers, marketing developers and department heads can import.")
        return _("Only the person who uploaded the file can do this.") if action == CHANGE else ""

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and bool(person.roles & IMPORTERS)), action)


def may_import(person: Any) -> bool:
    """Whether the menu offers imports."""
    return bool(person.roles & IMPORTERS)
