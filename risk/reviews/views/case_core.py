"""One case for one person: its rows read once, whose move it is, where its addresses lie, how the time runs.

The parts `case_stages`, `case_record` and `page` build on this class; together they are `page.CasePage`.
"""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Text
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_between, workdays_left
from risk.reviews import selectors
from risk.reviews.models import CaseStatus, Decision, ReviewCase, ReviewRound
from risk.reviews.selectors import Verdict
from risk.reviews.services.dossier import opened
from risk.reviews.views import facts as reading
from risk.reviews.workflow import ROWS


class CaseCore:
    """A case with all that its page says. `case` comes from `selectors.review_get`."""

    def __init__(self, case: ReviewCase, person: Person) -> None:
        self.case, self.person = case, person
        self.today = clock.today()
        closed = case.closed_at.astimezone(clock.SHANGHAI).date() if case.closed_at else self.today
        self.rules = parameters.values(reading.CODES, on=closed)
        self.words = reading.Words(self.rules)
        self.rounds: dict[int, ReviewRound] = selectors.dossiers(case)
        self.round = self.rounds[case.round]
        self.dossier: dict[str, Any] = opened(self.round)
        self.decisions: list[Decision] = list(case.decisions.all())
        self.seats = list(case.seats.all())
        months = int(self.rules["review.conflict_lookback_months"].value)
        self.verdicts: list[Verdict] = selectors.verdicts(case, months=months)
        self.row = ROWS[case.stage]

    # -- who and whose move --------------------------------------------------------------------------------------

    @cached_property
    def able(self) -> list[Person]:
        """Those who may decide now."""
        return [found.person for found in self.verdicts if found.eligible]

    @property
    def is_mine(self) -> bool:
        return any(one.pk == self.person.pk for one in self.able)

    @cached_property
    def seat(self) -> Any:
        return next((seat for seat in self.seats if seat.person_id == self.person.pk), None)

    @property
    def mode(self) -> str:
        """What the right column is: declare, decide, wait or closed."""
        if self.case.status != CaseStatus.OPEN:
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
        return numbers.moment_short(self.case.stage_since, self.today)

    @property
    def alarm(self) -> str:
        if self.able:
            return ""
        return _("Nobody can decide this stage: the security administrator must grant the role to another person.")

    @property
    def why_not_you(self) -> Text:
        """Why it is not this person's move, in words; empty when it is."""
        if self.case.status != CaseStatus.OPEN or self.is_mine:
            return ""
        own = next((found for found in self.verdicts if found.person.pk == self.person.pk), None)
        if own is not None:
            return own.reason
        if self.seat is not None and self.seat.stage == "maker":
            return _("worked on this project or its client and cannot decide")
        return _("does not hold the role %(role)s") % {"role": Role(self.row.role).label}

    # -- heading ---------------------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        project = self.dossier["project"]
        product = self.words.of("project.product", project["product"])
        return f"{project['name']} · {product} {reading.wan_prose(project['amount'])}"

    @property
    def product_words(self) -> str:
        project = self.dossier["project"]
        return f"{self.words.of('project.product', project['product'])} {reading.wan(project['amount'])}"

    @property
    def client_name(self) -> str:
        return str(self.dossier["client"]["name"])

    @property
    def grade(self) -> str:
        return self.dossier["grade"].get("grade") or ""

    @property
    def owner_name(self) -> str:
        return self.case.project.client.owner.name

    @property
    def owner_department(self) -> str:
        return self.case.project.client.department.name

    @property
    def submitted_words(self) -> str:
        day = numbers.date_long(self.round.opened_at)
        return (
            _("submitted %(day)s") % {"day": day} if self.round.number == 1 else _("resubmitted %(day)s") % {"day": day}
        )

    @property
    def sha256(self) -> str:
        return self.round.dossier_sha256

    @property
    def short(self) -> str:
        return f"{self.sha256[:4]}…{self.sha256[-4:]}"

    @property
    def frozen_at(self) -> str:
        return numbers.moment_short(self.round.opened_at, self.today)

    # -- addresses -------------------------------------------------------------------------------------------------

    def _url(self, name: str) -> str:
        return reverse(f"risk:{name}", args=[self.case.pk])

    @property
    def url(self) -> str:
        return self._url("review_detail")

    @property
    def sheet_url(self) -> str:
        return self._url("review_sheet")

    @property
    def why_not_url(self) -> str:
        return self._url("review_people")

    @property
    def conflict_url(self) -> str:
        return self._url("review_conflict")

    @property
    def decide_url(self) -> str:
        return self._url("review_decide")

    @property
    def nudge_url(self) -> str:
        return self._url("review_nudge")

    @property
    def withdraw_url(self) -> str:
        return self._url("review_withdraw")

    @property
    def project_url(self) -> str:
        return self.case.project.get_absolute_url()

    @property
    def client_url(self) -> str:
        return self.case.project.client.get_absolute_url()

    # -- time --------------------------------------------------------------------------------------------------------

    @cached_property
    def calendar(self) -> Any:
        first = min(row.opened_at for row in self.rounds.values()).astimezone(clock.SHANGHAI).date()
        last = max(self.today, self.case.due_on or self.today)
        return calendar_between(first - timedelta(days=1), last + timedelta(days=1))

    def used(self, start: datetime, end: datetime) -> int:
        """Working days between two moments, the first day not counted."""
        days = (start.astimezone(clock.SHANGHAI).date(), end.astimezone(clock.SHANGHAI).date())
        return workdays_between(*days, calendar=self.calendar)

    @cached_property
    def left(self) -> int | None:
        """Working days left of the running stage, negative when late."""
        if self.case.status != CaseStatus.OPEN or self.case.due_on is None:
            return None
        return workdays_left(self.today, self.case.due_on, calendar=self.calendar)

    def limit(self, stage: str) -> int:
        return int(self.rules["review.sla_workdays"].value[ROWS[stage].sla])
