"""Who sees and changes the client file. Scope comes from owner and department; grants are the exceptions on top.

`filter` says it once, for rows; `can` asks the same question about one row, so the two cannot part ways.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, ClientGrant, Contact, Industry, Region
from crm.kernel.access.errors import Text
from crm.kernel.access.grants import granted
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, Policy, RowPolicy, Viewer, policy_for, stands_for
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import DECIDING, Role

# They may own clients and file new ones.
KEEPERS = frozenset({Role.ACCOUNT_MANAGER, Role.MARKETING_DEVELOPER, Role.DEPARTMENT_HEAD})
# They may besides work on a client they were joined to as co-manager (协办).
HELPERS = KEEPERS | {Role.ASSISTANT_INVESTIGATOR}
# Their work spans all clients: grading, data quality, audit.
READS_ALL = frozenset({Role.RISK_ASSESSOR, Role.DATA_STEWARD, Role.AUDITOR})

CHANGE, CORRECT, REASSIGN, SHARE, REVEAL = "change", "correct", "reassign", "share", "reveal"

REASONS: dict[str, Text] = {
    "create": _("Only account managers, marketing developers and department heads can register clients."),
    CHANGE: _("Only the account manager and co-managers can edit this client."),
    CORRECT: _("Only the account manager, co-managers and the data steward can correct these details."),
    REASSIGN: _("Only the head of the client's department can hand it over to another account manager."),
    SHARE: _("Only the account manager and the department head can name co-managers."),
    REVEAL: _("Only people who work with this client can view this field unmasked."),
}


def own(person: Viewer, at: str = "") -> Q:
    """Clients the person owns, or covers the owner of; who no longer holds a keeping role has lost them at once. `at`,
    here and below: the way to the client from the rows asked about, with its "__".
    """
    if person.covers_wholly:
        return Q(**{f"{at}owner__in": stands_for(person)}) if person.roles & KEEPERS else NOBODY
    return Q(**{f"{at}owner": person.pk}) if person.roles & KEEPERS else NOBODY


def of_department(person: Viewer, at: str = "") -> Q:
    """Clients of the department the person heads, and of those below it."""
    if Role.DEPARTMENT_HEAD not in person.roles:
        return NOBODY
    if person.kept is not None:
        return Q(**{f"{at}department__in": person.kept.departments})
    return Q(**{f"{at}department__path__startswith": person.department_path})


def headed_path(person: Viewer) -> str:
    """The path of the department the person heads; for others a path that nothing lies under."""
    return person.department_path if Role.DEPARTMENT_HEAD in person.roles else "-"


def managed(person: Viewer, at: str = "") -> Q:
    """Clients the person works on: owned, or joined as co-manager."""
    return own(person, at) | given(person, CHANGE, at=at) if person.roles & HELPERS else NOBODY


def given(person: Viewer, *actions: str, at: str = "") -> Q:
    """Clients on which the person was granted one of these; a department's head sees too many others for the index."""
    by_index = Role.DEPARTMENT_HEAD not in person.roles
    key = at.removesuffix("__") or "pk"
    return granted(ClientGrant, person, *actions, by_index=by_index, but_from=lapsed(person), at=key)


def lapsed(person: Viewer) -> str:
    """From where the person's grants count no more: what a review lets somebody see ends with the last deciding role,
    and with the last cover. A review's own services take the grants back only at its next step.
    """
    return "" if (person.roles | person.covered_roles) & DECIDING else "review:"


@policy_for(Client)
class ClientPolicy(RowPolicy):
    """view: owner, co-managers, department head, who reads all, who was granted it.

    change: owner and co-managers. correct (industry, region, size): the data steward besides.
    reassign: the department's head. share: owner and head. reveal: owner, co-managers and head.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        return self._scope(person, action, "")

    def filter_at(self, person: Viewer, action: str, path: str) -> Q:
        return self._scope(person, action, f"{path}__")

    def _scope(self, person: Viewer, action: str, at: str) -> Q:
        if action == "view":
            if person.roles & READS_ALL:
                return EVERYTHING
            # Said in one: the grants are read once. A helper sees what was given to change.
            given_to_see = ("view", CHANGE) if person.roles & HELPERS else ("view",)
            return own(person, at) | of_department(person, at) | given(person, *given_to_see, at=at)
        if action == CORRECT and Role.DATA_STEWARD in person.roles:
            return EVERYTHING
        if action in (CHANGE, CORRECT):
            return managed(person, at)
        if action == REASSIGN:
            return of_department(person, at)
        if action == SHARE:
            return own(person, at) | of_department(person, at)
        return managed(person, at) | of_department(person, at) if action == REVEAL else NOBODY

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        """The page of the list, and filing a new client."""
        return self.decide(action == "view" or (action == "create" and bool(person.roles & KEEPERS)), action)


def _on_client(action: str) -> str:
    """The act on the client that an act on a contact is."""
    return action if action in ("view", REVEAL) else CHANGE


@policy_for(Contact)
class ContactPolicy(RowPolicy):
    """A contact is seen and changed with its client; every change of a contact is a change of the client."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("client", Client, person, _on_client(action))

    def reason(self, action: str) -> Text:
        return REASONS.get(_on_client(action), "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")


class _Reference(Policy):
    """A national table: read by all, written by `load_reference` only."""

    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(action == "view")


@policy_for(Industry)
class IndustryPolicy(_Reference):
    pass


@policy_for(Region)
class RegionPolicy(_Reference):
    pass
