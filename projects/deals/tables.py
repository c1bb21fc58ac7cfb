"""The list of projects as a table."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.web import html, tables
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_left
from projects.deals.facts import Catalogue
from projects.deals.models import Project

WAITING = frozenset({Project.Status.IN_REVIEW, Project.Status.RETURNED})


def days_left(projects: Sequence[Project]) -> dict[int, int]:
    """Working days until each open deadline, negative when late: project id → days. One query for all of them."""
    dated = {project.pk: project.due_on for project in projects if project.due_on and project.status in WAITING}
    if not dated:
        return {}
    today: date = clock.today()
    calendar = calendar_between(min(today, *dated.values()), max(today, *dated.values()))
    return {pk: workdays_left(today, due, calendar=calendar) for pk, due in dated.items()}


def client_line(project: Project) -> Any:
    """The grey line under a project's name."""
    return project.client.name


class AmountColumn(tables.MoneyColumn):
    """万元; another currency names itself, so that no dollar reads as a yuan."""

    def raw(self, value: Any, record: Any) -> Any:
        return super().raw(value, record) if record.currency == "CNY" else self.render(value, record)

    def render(self, value: Any, record: Any) -> Any:  # type: ignore[override]
        figure = numbers.money_wan(value, unit=False)
        if record.currency == "CNY":
            return figure
        return format_html('<span class="quiet">{}</span> {}', record.currency, figure)


class WordColumn(tables.TextColumn):
    """Few words on one line."""

    kind = "tag"


class StateColumn(tables.BadgeColumn):
    """The project's badge; under review its word is the stage."""

    def render(self, value: Any, record: Project) -> Any:
        return html.badge("project", record.status, str(record.state_word))


GRADE = ("client__standing__grade", "client__standing__grade_until")
NEXT_MOVE = ("status", "waiting_for", "client__owner__name")


class ProjectTable(tables.KernelTable):
    """One row per project: what, for whom, how much, how good the client, where it stands, whose move, until when."""

    name = tables.NameColumn(verbose_name=_("Project"), second=client_line, needs=("client__name",))
    product = WordColumn(verbose_name=_("Product"), order="", phone="bare")
    amount = AmountColumn(verbose_name=_("Amount"), needs=("currency",))
    grade = tables.GradeColumn(
        verbose_name=_("Grade"),
        accessor="client__valid_grade",
        needs=("client__standing__grade", "client__standing__grade_until"),
        order="",
        phone="hide",
    )
    term_months = tables.NumberColumn(verbose_name=_("Term"), unit=_("months"), order="term", phone="hide")
    owner = tables.PersonColumn(verbose_name=_("Account manager"), accessor="client__owner", order="", phone="hide")
    status = StateColumn(verbose_name=_("Status"), status="project", order="", needs=("review_stage",))
    waiting_for = WordColumn(
        verbose_name=_("Waiting for"),
        accessor="next_move",
        needs=("status", "waiting_for", "client__owner__name"),
        order="",
        phone="bare",
        empty_values=([],),
    )
    due_on = tables.DeadlineColumn(verbose_name=_("Time left"), order="due", empty_values=(), needs=("status",))

    def __init__(self, rows: Sequence[Project], *, known: Catalogue) -> None:
        super().__init__(rows)
        self.known = known

    @cached_property
    def left(self) -> dict[int, int]:
        """Working days left of the rows, asked only where the column is shown."""
        return days_left(self.rows)

    def render_product(self, value: str) -> str:
        return self.known.product(value)

    def render_waiting_for(self, value: list[str]) -> str:
        return listed(value)

    def render_due_on(self, record: Project) -> Any:
        left = self.left.get(record.pk)
        return html.nothing() if left is None else html.deadline(left)
