"""Who imports: who may enter what is imported. An import is its person's own; auditors see that it was."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.declarations.importable import Importable
from crm.kernel.imports.kinds import read_kinds
from crm.kernel.imports.models import ImportRun
from crm.kernel.people.roles import Role

CHANGE = "change"


def may_import(person: Viewer, *kinds: Importable) -> bool:
    """Whether the person may enter rows of one of these kinds; of any kind where none is named."""
    return any(person.roles & kind.importers for kind in kinds or read_kinds().values())


@policy_for(ImportRun)
class ImportRunPolicy(RowPolicy):
    """view: who uploaded it, auditors. change (rows, columns, import, stop, undo): who uploaded it, in that role.

    The rows hold what people sent, personal fields unmasked: nobody else reads them.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view" and Role.AUDITOR in person.roles:
            return EVERYTHING
        if action == "view" or (action == CHANGE and may_import(person)):
            return Q(person=person.pk)
        return NOBODY

    def reason(self, action: str) -> Text:
        if action == "create":
            return _("Your role does not enter rows that can be imported.")
        return _("Only the person who uploaded the file can do this.") if action == CHANGE else ""

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and may_import(person)), action)
