"""Whose move it is: who may decide, why each other person may not, and what this person may do."""

from functools import cached_property

from django.utils.translation import gettext as _

from crm.kernel.access.checks import may
from crm.kernel.access.errors import Text
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from risk.reviews import parameter_codes as codes
from risk.reviews import selectors
from risk.reviews.models import CaseStatus, ReviewSeat, SeatStage
from risk.reviews.selectors.eligibility import Verdict
from risk.reviews.selectors.letters import StandIn
from risk.reviews.selectors.nudged import nudged_now
from risk.reviews.views.case.rows import CaseRows


class Turn:
    """Built from the seats and the verdicts on the holders of the stage's role: one query."""

    def __init__(self, rows: CaseRows) -> None:
        self._rows, self.case, self.person = rows, rows.case, rows.person

    @cached_property
    def verdicts(self) -> list[Verdict]:
        return selectors.list_verdicts(self.case, months=int(self._rows.rules[codes.LOOKBACK].value))

    @cached_property
    def able(self) -> list[Person]:
        """Those who may decide now."""
        return [found.person for found in self.verdicts if found.eligible]

    @property
    def unable(self) -> list[Verdict]:
        return [found for found in self.verdicts if not found.eligible]

    @cached_property
    def stand_in(self) -> StandIn | None:
        """By which letter this person would decide for somebody else."""
        own = next((found for found in self.verdicts if found.person.pk == self.person.pk), None)
        return own.stand_in if own is not None and own.eligible else None

    @property
    def is_mine(self) -> bool:
        return any(one.pk == self.person.pk for one in self.able)

    @cached_property
    def seat(self) -> ReviewSeat | None:
        """This person's seat."""
        return next((seat for seat in self._rows.seats if seat.person_id == self.person.pk), None)

    @property
    def mode(self) -> str:
        """What the right column is: declare, decide, wait or closed."""
        if not self.case.is_open:
            return "closed"
        if not self.is_mine:
            return "wait"
        declared = self.seat is not None and self.seat.stage == self.case.stage and self.seat.declared_at
        return "decide" if declared else "declare"

    @property
    def waiting(self) -> str:
        return listed(one.name for one in self.able) or _("nobody")

    @property
    def waiting_words(self) -> str:
        return _("waiting for %(who)s") % {"who": self.waiting}

    @property
    def since(self) -> str:
        return numbers.moment_short(self.case.stage_since, self._rows.today)

    @property
    def alarm(self) -> str:
        if self.able:
            return ""
        return _("Nobody can decide this stage: the security administrator must grant the role to another person.")

    @property
    def why_not_you(self) -> Text:
        """Why it is not this person's move, in words; empty when it is."""
        if not self.case.is_open or self.is_mine:
            return ""
        own = next((found for found in self.verdicts if found.person.pk == self.person.pk), None)
        if own is not None:
            return own.reason
        if self.seat is not None and self.seat.stage == SeatStage.MAKER:
            return _("worked on this project or its client and cannot decide")
        return _("does not hold the role %(role)s") % {"role": Role(self._rows.stage_row.role).label}

    @property
    def may_withdraw(self) -> bool:
        # Who may decide is no maker: not asked, it would cost a query.
        return self.case.is_withdrawable and not self.is_mine and bool(may(self.person, "withdraw", self.case))

    @property
    def may_nudge(self) -> bool:
        waits = self.case.is_open and not self.is_mine and not self.alarm
        return waits and bool(may(self.person, "nudge", self.case))

    @property
    def may_rehear(self) -> bool:
        """Whether this person may ask for the one re-hearing of a rejected case."""
        is_rejected = self.case.status == CaseStatus.REJECTED
        return is_rejected and self._rows.rehearing is None and bool(may(self.person, "rehear", self.case))

    @property
    def may_prolong(self) -> bool:
        """Whether this person may prolong the approval, which is valid and was not prolonged yet."""
        project, last = self.case.project, self.case.project.valid_until
        if self.case.status != CaseStatus.APPROVED or project.contracted_on is not None:
            return False
        if last is None or last < self._rows.today or self._rows.prolongation is not None:
            return False
        return bool(may(self.person, "prolong", self.case))

    @property
    def is_nudged(self) -> bool:
        """Whether a reminder was sent in the present working day: a second one is refused."""
        known = vars(self.case).get("is_nudged")
        return self.case.pk in nudged_now([self.case]) if known is None else bool(known)
