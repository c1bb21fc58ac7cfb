"""One case put together from its parts, for one person: page, admin page and paper read the same object."""

from crm.kernel.people.models import Person
from risk.reviews.models import ReviewCase
from risk.reviews.views.case.conditions import Conditions
from risk.reviews.views.case.decision import DecisionPart
from risk.reviews.views.case.differences import Differences
from risk.reviews.views.case.dossier import DossierPart
from risk.reviews.views.case.links import Links
from risk.reviews.views.case.record import Record
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.case.stages import Stages, StageTime
from risk.reviews.views.case.terms import TermsPart
from risk.reviews.views.case.turn import Turn


class CasePage:
    """The parts of a case. `case` comes from `selectors.get_review`; a part that is not looked at reads nothing."""

    def __init__(
        self, case: ReviewCase, person: Person, *, links: type[Links] = Links, acts_on_conditions: bool = True
    ) -> None:
        self.case, self.person = case, person
        self.links = links(case)
        self.rows = CaseRows(case, person)
        self.turn = Turn(self.rows)
        self.time = StageTime(self.rows)
        self.stages = Stages(self.rows, self.turn, self.time)
        self.dossier = DossierPart(self.rows)
        self.differences = Differences(self.rows, self.turn)
        self.terms = TermsPart(self.rows)
        self.record = Record(self.rows)
        self.conditions = Conditions(self.rows, acts_offered=acts_on_conditions)
        self.decision = DecisionPart(self.rows, self.turn, self.differences, self.dossier.short)
