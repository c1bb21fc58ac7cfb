"""What a review is about. The engine moves cases; a subject says what is asked of the project and what an end does.

Every kind of subject is about one project. Its module registers it in a file `subjects.py` and opens its rounds with
`services.submit.open_round`, over a dossier of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from projects.deals.models import Project
from risk.reviews.models import ReviewCase
from risk.reviews.rules.terms import Terms
from risk.reviews.workflow import DEAL


@dataclass(frozen=True)
class Ending:
    """How a round ended: `outcome` is approved, rejected, returned or withdrawn; an approval carries terms and its last
    valid day, a return the day on which the subject is expected back.
    """

    outcome: str
    terms: Terms | None = None
    valid_until: date | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Offer:
    """A review that somebody may ask for about a project: what the button says, and the page behind it."""

    label: Text
    url: str


@dataclass(frozen=True)
class OwnCondition:
    """What an approval asks for whoever gives it, and by when in words."""

    text: Text
    due_text: Text


class Subject(ABC):
    """One kind of review. The project is locked wherever it is handed in."""

    kind: str
    label: Text  # of the kind, for lists and the case page
    document: Text  # what the approval sheet of a product is called: `%(product)s` stands in it

    def propose(self, case: ReviewCase, project: Project) -> Project:
        """The project as it would be: gates, authority and terms are asked about this copy. It is never saved."""
        return project

    def list_refusals(self, case: ReviewCase, project: Project) -> Sequence[Text]:
        """What stands against an approval today besides the gates of the proposed project."""
        return ()

    def list_conditions(self, case: ReviewCase, project: Project) -> Sequence[OwnCondition]:
        """What an approval asks for before money flows, whoever gives it."""
        return ()

    def find_offer(self, project: Project, further: Sequence[ReviewCase], *, viewer: Viewer) -> Offer | None:
        """What the viewer may ask for on the project's page. `further`: its cases besides the application."""
        return None

    @abstractmethod
    def hold(self, project: Project, case: ReviewCase, *, by: Any) -> None:
        """A round opens."""

    @abstractmethod
    def show_progress(self, project: Project, case: ReviewCase, *, by: Viewer) -> None:
        """The case came to another stage, or waits for other people."""

    @abstractmethod
    def conclude(self, project: Project, case: ReviewCase, ending: Ending, *, by: Any) -> None:
        """A round ended: what the decision does."""


_KINDS: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a kind of subject known. ValueError for a kind that is taken."""
    if subject.kind in _KINDS:
        raise ValueError(f"the subject {subject.kind} is registered already")
    _KINDS[subject.kind] = subject


def subject_of(case: ReviewCase) -> Subject:
    """The subject a case is about."""
    return _KINDS[case.kind]


def label_of(case: ReviewCase) -> Text:
    """The kind of a case in words; empty for the project's application, which goes without saying."""
    return "" if case.kind == DEAL else subject_of(case).label


def list_offers(project: Project, further: Sequence[ReviewCase], *, viewer: Viewer) -> list[Offer]:
    """What the viewer may ask for about a project, of every kind."""
    found = (subject.find_offer(project, further, viewer=viewer) for subject in _KINDS.values())
    return [offer for offer in found if offer is not None]


def list_kinds() -> list[str]:
    """Every kind of subject."""
    return list(_KINDS)
