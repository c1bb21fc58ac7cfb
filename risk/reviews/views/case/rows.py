"""The rows of a case, each read when first asked for. From `selectors.get_review` they are in memory already."""

from functools import cached_property
from typing import Any

from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from risk.reviews import parameter_codes as codes
from risk.reviews import selectors
from risk.reviews.hearings import Rehearing
from risk.reviews.models import CaseStatus, Condition, Decision, ReviewCase, ReviewRound, ReviewSeat
from risk.reviews.prolongations import Prolongation
from risk.reviews.rules.terms import Terms, find_ceiling
from risk.reviews.selectors.dossier import open_dossier
from risk.reviews.selectors.hearings import find_rehearing
from risk.reviews.selectors.terms import read_asked, read_carried
from risk.reviews.views.case import facts
from risk.reviews.workflow import REJECTIONS, ROWS, StageRow


class CaseRows:
    """One case as one person reads it."""

    def __init__(self, case: ReviewCase, person: Person) -> None:
        self.case, self.person = case, person
        self.today = clock.today()

    @property
    def stage_row(self) -> StageRow:
        return ROWS[self.case.stage]

    @cached_property
    def rules(self) -> dict[str, ParameterValue]:
        """The parameters of today, or of the day on which the case was closed."""
        closed = self.case.closed_at.astimezone(clock.SHANGHAI).date() if self.case.closed_at else self.today
        return parameters.values(codes.PAGE, on=closed)

    @property
    def words(self) -> facts.Words:
        """Codes as words, by these parameters."""
        return facts.Words(self.rules)

    @cached_property
    def rounds(self) -> dict[int, ReviewRound]:
        return selectors.map_rounds(self.case)

    @property
    def round(self) -> ReviewRound:
        return self.rounds[self.case.round]

    @cached_property
    def dossier(self) -> dict[str, Any]:
        """The dossier of the present round."""
        return open_dossier(self.round)

    @cached_property
    def seats(self) -> list[ReviewSeat]:
        in_memory = "seats" in getattr(self.case, "_prefetched_objects_cache", {})
        return list(self.case.seats.all() if in_memory else self.case.seats.select_related("person").order_by("pk"))

    @cached_property
    def decisions(self) -> list[Decision]:
        """Oldest first."""
        return list(self.case.decisions.all())

    @cached_property
    def standing(self) -> dict[str, Decision]:
        """Stage → the decision that stands there."""
        return selectors.map_standing(self.case)

    @cached_property
    def rehearing(self) -> Rehearing | None:
        """Its re-hearing. Asked only of a case that was rejected."""
        return find_rehearing(self.case) if any(one.verb in REJECTIONS for one in self.decisions) else None

    @cached_property
    def prolongation(self) -> Prolongation | None:
        """The prolongation of the present round. Asked only where a case was approved."""
        if self.case.status not in (CaseStatus.APPROVED, CaseStatus.LAPSED):
            return None
        return Prolongation.objects.filter(case=self.case, round=self.case.round).first()

    @cached_property
    def asked(self) -> Terms:
        """The terms that were asked for."""
        return read_asked(self.dossier)

    def asked_in(self, number: int) -> Terms:
        """The terms that were asked for in a round: an earlier one may have asked for others."""
        return self.asked if number == self.case.round else read_asked(open_dossier(self.rounds[number]))

    @cached_property
    def ceiling(self) -> Terms:
        """The most that the present stage may carry."""
        earlier = [one for stage, one in self.standing.items() if stage != self.case.stage]
        return find_ceiling(self.asked, read_carried(earlier))

    @cached_property
    def conditions(self) -> list[Condition]:
        return list(self.case.conditions.all())

    @cached_property
    def conditions_in_force(self) -> list[Condition]:
        return [one for one in self.conditions if one.is_in_force]

    @property
    def blocking(self) -> int:
        """Conditions in force that still keep the money back."""
        return sum(one.is_holding for one in self.conditions_in_force)

    @property
    def owner_name(self) -> str:
        return self.case.project.client.owner.name
