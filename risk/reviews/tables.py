"""The list of cases: what is asked, for whom, and whose move it is since when and until when."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.declarations.states import Status
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.web import html
from crm.kernel.web.tables import (
    BadgeColumn,
    CodeColumn,
    GradeColumn,
    KernelColumn,
    KernelTable,
    MoneyColumn,
    NameColumn,
    NumberColumn,
    TextColumn,
)
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_left
from risk.reviews.models import CLOSED, ReviewCase


def days_left(cases: Sequence[ReviewCase], today: date) -> dict[int, int]:
    """Working days left of each open case by id, negative when late: the calendar is read once for all of them."""
    due = {case.pk: case.due_on for case in cases if case.is_open and case.due_on}
    if not due:
        return {}
    calendar = calendar_between(min(today, *due.values()), max(today, *due.values()))
    return {pk: workdays_left(today, day, calendar=calendar) for pk, day in due.items()}


def stage_badge(case: ReviewCase, *, mine: bool) -> SafeString:
    """The stage while the case is open (filled when it is this person's move), else how it ended."""
    if not case.is_open:
        return html.badge("review", case.status)
    stage: Any = case.get_stage_display()
    if case.urgent_reason:
        stage = _("%(stage)s · urgent") % {"stage": stage}
    if mine:
        return html.badge("review", "your_move", _("%(stage)s · your turn") % {"stage": stage})
    return html.badge("review", "open", str(stage))


def shown_grade(case: ReviewCase) -> str:
    """The client's grade of today while the case runs; of a closed case the one it was decided on."""
    if case.status in CLOSED:
        return str(case.kept.project.grade)
    standing = getattr(case.project.client, "standing", None)
    return standing.grade if standing else ""


def due_badge(case: ReviewCase, left: int | None) -> SafeString | str:
    """The deadline in working days; nothing when nobody's clock runs."""
    if left is None:
        return html.nothing()
    return html.deadline(left, provisional=case.due_provisional)


def people(names: Sequence[str]) -> SafeString | str:
    """Who is waited for, short: two names, then how many; all of them in the title."""
    if not names:
        return html.badge_of(Status(_("nobody"), "bad", icon="user-off"))
    if len(names) < 3:
        return listed(names)
    shown = _("%(names)s and %(count)d more") % {"names": listed(names[:2]), "count": len(names) - 2}
    return format_html('<span title="{}">{}</span>', listed(names), shown)


class _WaitColumn(KernelColumn):
    """Who is waited for and since when; nothing while it is nobody's move."""

    kind = "tag"
    phone_default = "bare"

    def render(self, value: list[str], record: ReviewCase) -> Any:
        if not record.is_open:
            return html.nothing()
        since = _("since %(since)s") % {"since": numbers.moment_short(record.stage_since, clock.today())}
        return format_html('{}<span class="sec">{}</span>', people(value), since)


class _DueColumn(KernelColumn):
    """Working days left and the day; drawn by the table, which has read the calendar."""

    kind = "tag"
    phone_default = "bare"


class ReviewTable(KernelTable):
    """`mine`: ids of the cases that wait for the person who looks."""

    is_narrow = False

    project = NameColumn(
        verbose_name=gettext_lazy("Project"),
        accessor="project__name",
        url=lambda case: case.get_absolute_url(),
        order="",
    )
    number = CodeColumn(verbose_name=gettext_lazy("Number"))
    client = TextColumn(verbose_name=gettext_lazy("Client"), accessor="project__client__name", phone="bare", order="")
    grade = GradeColumn(
        verbose_name=gettext_lazy("Grade"), accessor="project__client__standing__grade", phone="bare", order=""
    )
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"), accessor="project__amount")
    stage = BadgeColumn(verbose_name=gettext_lazy("Stage"), status="review", order="")
    waiting = _WaitColumn(verbose_name=gettext_lazy("Waiting for"), accessor="waiting_for", order="", empty_values=())
    due_on = _DueColumn(verbose_name=gettext_lazy("Due"), empty_values=())
    round = NumberColumn(verbose_name=gettext_lazy("Round"), phone="hide", order="")

    def __init__(self, rows: Sequence[ReviewCase], *, mine: Collection[int] = ()) -> None:
        super().__init__(rows)
        self.mine = frozenset(mine)
        self.left = days_left(rows, clock.today())

    def render_client(self, record: ReviewCase) -> str:
        return str(record.kept.project.client)

    def render_grade(self, record: ReviewCase) -> SafeString:
        return html.grade(shown_grade(record))

    def render_stage(self, record: ReviewCase) -> SafeString:
        return stage_badge(record, mine=record.pk in self.mine)

    def render_due_on(self, record: ReviewCase) -> Any:
        left = self.left.get(record.pk)
        if left is None:
            return html.nothing()
        day = numbers.date_short(record.due_on, clock.today())
        return format_html('{}<span class="sec">{}</span>', due_badge(record, left), day)
