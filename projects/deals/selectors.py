"""Reads of deals: list, board, one page. All start from what the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.models import Client
from clients.file.selectors import matches as client_matches
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Person
from crm.kernel.text import search
from crm.kernel.text.pinyin import sounds_like
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import WorkdaysLeft
from projects.deals.models import Investigator, Project, ProjectDocument, ProjectEditor

CARDS = 8
# Figures of an empty column: count, sum, foreign, late.
NONE = (0, Decimal(0), 0, 0)
SHOWN_WITH = ("client__standing", "client__owner", "client__department")
UNREAD = ("grams", "sounds", "client__grams", "client__sounds", "client__identity_number")


def project_list(*, viewer: Viewer) -> QuerySet[Project]:
    """The projects this person may see, with what a row shows: client, its standing, owner and department."""
    return Project.objects.visible_to(viewer).select_related(*SHOWN_WITH).defer(*UNREAD)


def shown_projects() -> QuerySet[Project]:
    """Projects with the client, people and investigators that the page of one needs; the page asks for visibility."""
    investigators = Prefetch("investigators", Investigator.objects.select_related("person__department"))
    rows = Project.objects.select_related(*SHOWN_WITH, "created_by").defer(*UNREAD)
    return rows.prefetch_related(investigators)


def project_written(*, pk: int) -> Project:
    """The project as it is after a write, for who just wrote it: taking oneself off must not look like a failure."""
    return Project.objects.select_related(*SHOWN_WITH).defer(*UNREAD).prefetch_related("investigators").get(pk=pk)


def document_list(*, viewer: Viewer, project: Project, removed: bool = False) -> QuerySet[ProjectDocument]:
    """The project's documents with file and people; those that were taken out only when asked for."""
    rows = ProjectDocument.objects.visible_to(viewer).filter(project=project)
    if not removed:
        rows = rows.filter(removed_at__isnull=True)
    return rows.select_related("file", "added_by", "removed_by").prefetch_related("signatures").order_by("id")


def shown_documents() -> QuerySet[ProjectDocument]:
    """Documents with file and project, as the page of one needs them; the page asks for visibility."""
    return ProjectDocument.objects.select_related("file", "project")


def editors_of(project: Project) -> list[Person]:
    """Everyone who wrote to the deal or investigated it, in the order in which they came."""
    return [row.person for row in ProjectEditor.objects.filter(project=project).select_related("person__department")]


def capital_share(project: Project) -> Decimal | None:
    """Project capital over total investment, as a fraction; None while one is missing."""
    if project.capital is None or not project.total_investment:
        return None
    with localcontext(prec=60):
        return project.capital / project.total_investment


def client_projects(*, viewer: Viewer, client_id: int, limit: int = 20) -> list[Any]:
    """The client's projects that the viewer may see, newest first, with what a panel says of each and the working days
    `left`.
    """
    shown = ("name", "status", "review_stage", "amount", "currency", "term_months", "due_on", "waiting_for")
    rows = Project.objects.visible_to(viewer).filter(client_id=client_id).select_related("client__owner")
    rows = rows.only(*shown, "client__owner__name").order_by("-id")
    return list(rows.annotate(left=WorkdaysLeft("due_on", clock.today()))[:limit])


def matches(text: str) -> Q:
    """Projects whose name contains `text` or sounds like it."""
    written = search.matches(text, column="grams", exact=("name__identifying",))
    return written | sounds_like(text, pieces="sounds") if written else written


def client_choices(*, viewer: Viewer, text: str, action: str = "view", limit: int = 20) -> list[Client]:
    """Clients by name or code for pickers: those seen (the filter), or with "change" those one may file a deal for."""
    rows = (
        Client.objects.visible_to(viewer, action)
        .select_related("department", "region")
        .defer("grams", "sounds", "identity_number")
    )
    rows = rows.filter(client_matches(text))
    return list(rows.order_by("name_pinyin", "-id")[:limit])


@dataclass(frozen=True)
class Column:
    """One column of the board: how many, their sum in yuan, how many late, and the first cards."""

    key: str
    title: Text
    count: int = 0
    total: Decimal = Decimal(0)
    foreign: int = 0
    late: int = 0
    cards: list[Project] = field(default_factory=list)

    @property
    def is_under_way(self) -> bool:
        """Whether its deals still wait for a decision."""
        return self.key not in ("approved", "closed")

    @property
    def more(self) -> int:
        """How many do not fit; the table shows them."""
        return self.count - len(self.cards)


COLUMNS: dict[str, Text] = {
    "draft": _("Preparation"),
    "initial": _("Initial review"),
    "recheck": _("Re-check"),
    "committee": _("Credit committee"),
    "final": _("Final approval"),
    "approved": pgettext_lazy("project", "Approved"),
    "closed": _("Rejected, withdrawn or lapsed"),
}
# Drawn only while something stands in them.
RARE = ("committee", "closed")
# The column of a project: the stage of its open review, else its state.
_BY_STATUS = {
    "draft": "draft",
    "returned": "draft",
    "approved": "approved",
    "rejected": "closed",
    "withdrawn": "closed",
    "lapsed": "closed",
}


def column_of(project: Project) -> str:
    """Which column of the board a project stands in."""
    return project.review_stage or _BY_STATUS[project.status]


def in_column(key: str) -> Q:
    """The projects of one column, as a condition."""
    if key in Project.Stage.values:
        return Q(review_stage=key)
    return Q(status__in=[status for status, column in _BY_STATUS.items() if column == key])


def board(rows: QuerySet[Project]) -> list[Column]:
    """The board over filtered rows, in two queries: counts and sums per column, and the first cards of each.

    Sums are of yuan; deals in other currencies are counted apart. A column shows what is due first.
    """
    place = _place()
    counted = (
        rows.order_by()
        .annotate(place=place)
        .values("place")
        .annotate(
            count=Count("pk"),
            total=Sum("amount", filter=Q(currency="CNY"), default=Decimal(0)),
            foreign=Count("pk", filter=~Q(currency="CNY")),
            late=Count("pk", filter=Q(due_on__lt=clock.today())),
        )
        .values_list("place", "count", "total", "foreign", "late")
    )
    figures: dict[str, tuple[int, Decimal, int, int]] = {row[0]: row[1:] for row in counted}
    ranked = rows.annotate(
        place=place,
        rank=Window(RowNumber(), partition_by=[place], order_by=[F("due_on").asc(nulls_last=True), F("id").desc()]),
    ).filter(rank__lte=CARDS)
    cards = _by_column(ranked.order_by("rank"))
    columns = []
    for key, title in COLUMNS.items():
        if key in RARE and key not in figures:
            continue
        count, total, foreign, late = figures.get(key, NONE)
        columns.append(Column(key, title, count, total, foreign, late, cards.get(key, [])))
    return columns


@dataclass(frozen=True)
class Sums:
    """What is under way over all columns: how many, yuan, how many late."""

    count: int
    total: Decimal
    late: int


def sums(columns: Iterable[Column]) -> Sums:
    """The board's head line."""
    open_ones = [column for column in columns if column.is_under_way]
    return Sums(
        sum(column.count for column in open_ones),
        sum((column.total for column in open_ones), Decimal(0)),
        sum(column.late for column in open_ones),
    )


def _place() -> Any:
    return Case(
        When(~Q(review_stage=""), then=F("review_stage")),
        *[When(status=status, then=Value(column)) for status, column in _BY_STATUS.items()],
        default=Value("draft"),
    )


def _by_column(rows: Iterable[Project]) -> dict[str, list[Project]]:
    found: dict[str, list[Project]] = {}
    for project in rows:
        found.setdefault(column_of(project), []).append(project)
    return found
