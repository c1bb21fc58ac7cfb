"""Reads of facilities in force, and the exposure of a client: approved projects and facilities in one (rules-2 6.1)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DateField, DecimalField, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.facilities.models import Facility, FacilityBalance
from projects.facilities.rules.exposure import ZERO, Position, factor_of, measure_exposure
from projects.facilities.workflow import select_facilities

CONVERSION = "exposure.conversion"
BALANCE = ("_out", "_undrawn", "_due")
MONEY = DecimalField(max_digits=18, decimal_places=2)


@dataclass(frozen=True)
class Line:
    """What one project or facility adds to the exposure: `parts` says how the sum of a facility comes about. One that
    `is_waiting` for its confirmation adds nothing yet.
    """

    project: int | None
    facility: int | None
    name: str
    contract_no: str
    parts: dict[str, Decimal]
    is_waiting: bool = False

    @property
    def total(self) -> Decimal:
        return self.parts["total"]


def with_balance(rows: QuerySet[Facility], on: date) -> QuerySet[Facility]:
    """Facilities with the latest balance up to a day as `outstanding`, `undrawn`, `due_unpaid`, `as_of`."""
    latest = FacilityBalance.objects.filter(facility=OuterRef("pk"), as_of__lte=on).order_by("-as_of", "-id")
    names = ("outstanding", "undrawn", "due_unpaid", "as_of")
    return rows.annotate(**{name: Subquery(latest.values(name)[:1]) for name in names})


def facility_list(*, viewer: Viewer) -> QuerySet[Facility]:
    """Facilities of the clients this person may see, with today's balance, the latest approved first."""
    rows = select_facilities().visible_to(viewer)  # type: ignore[attr-defined]
    return with_balance(rows, clock.today()).order_by("-approved_on", "-id")


def balances_of(facility: Facility) -> QuerySet[FacilityBalance]:
    """What was told of it, the latest day first."""
    return FacilityBalance.objects.filter(facility=facility).order_by("-as_of", "-id")


def read_conversion(on: date | None = None) -> dict[str, str]:
    """Kind → share that counts. One query."""
    return dict(parameters.value(CONVERSION, on=on).value)


def measure(facility: Any, conversion: dict[str, str], day: date) -> dict[str, Decimal]:
    """The parts of a facility's exposure on a day. `facility` with its balance (`with_balance`)."""
    balance = [facility.outstanding, facility.undrawn, facility.due_unpaid]
    terms = {"amount": facility.amount, "margin": facility.margin, "available_until": facility.available_until}
    return measure_exposure(_position(balance, facility.kind, conversion, **terms), day)


def _position(balance: list[Decimal | None], kind: str, conversion: dict[str, str], **terms: Any) -> Position:
    """A facility as the rule reads it; `balance`: outstanding, undrawn, due and unpaid, as far as they were told."""
    outstanding, undrawn, due_unpaid = (part or ZERO for part in balance)
    factor, is_whole = factor_of(kind, conversion), kind == Facility.Kind.REVOLVING
    return Position(outstanding, undrawn, due_unpaid, factor=factor, is_whole=is_whole, **terms)


def read_exposure(client_id: int, *, without: int | None = None, waiting: bool = False) -> list[Line]:
    """What counts of a client today: approved projects but `without`, then facilities; told `waiting`, those too that
    wait for their confirmation. One query. A project whose contract is in force counts as its facility.

    An approval counts through its last valid day, and on while its contract is filed; a facility from its confirmation
    until it is settled.
    """
    today = clock.today()
    nothing: Any = Value(None, MONEY)
    deals = (
        Project.objects.filter(client_id=client_id, status=Project.Status.APPROVED)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today) | Q(contracted_on__isnull=False))
        .exclude(pk=without or 0)
        .exclude(facilities__state__in=[*Facility.COUNTING, Facility.State.SETTLED])
        .annotate(
            _is=Value("project", CharField()),
            _stands=F("status"),
            _no=Value("", CharField()),
            _kind=Value("", CharField()),
            _amount=Coalesce("approved_amount", "amount"),
            _margin=nothing,
            _until=Value(None, DateField()),
            _out=nothing,
            _undrawn=nothing,
            _due=nothing,
            _rule=Value(None, JSONField()),
        )
    )
    states = [*Facility.COUNTING, *([Facility.State.ENTERED] if waiting else [])]
    facilities = Facility.objects.filter(client_id=client_id, state__in=states).exclude(project_id=without or 0)
    held = with_balance(facilities, today).annotate(
        _is=Value("facility", CharField()),
        _stands=F("state"),
        _no=F("contract_no"),
        _kind=F("kind"),
        _amount=F("amount"),
        _margin=F("margin"),
        _until=F("available_until"),
        _out=F("outstanding"),
        _undrawn=F("undrawn"),
        _due=F("due_unpaid"),
        _rule=parameters.as_subquery(CONVERSION, on=today),
    )
    names = (
        "_is",
        "_stands",
        "pk",
        "name",
        "_no",
        "_kind",
        "_amount",
        "_margin",
        "_until",
        *BALANCE,
        "_rule",
    )
    rows = deals.order_by().values_list(*names).union(held.order_by().values_list(*names), all=True)
    lines = [_line(dict(zip(names, row, strict=True))) for row in rows]
    return sorted(lines, key=lambda line: (line.project is None, line.project or line.facility or 0))


def _line(row: dict[str, Any]) -> Line:
    if row["_is"] == "project":
        return Line(row["pk"], None, row["name"], "", {"total": row["_amount"]})
    balance = [row[name] for name in BALANCE]
    terms = {"amount": row["_amount"], "margin": row["_margin"], "available_until": row["_until"]}
    position = _position(balance, row["_kind"], row["_rule"] or {}, **terms)
    parts = measure_exposure(position, clock.today())
    is_waiting = row["_stands"] == Facility.State.ENTERED
    return Line(None, row["pk"], row["name"], row["_no"], parts, is_waiting)


def sum_exposure(lines: list[Line]) -> Decimal:
    """The sum of those that count, in yuan."""
    return sum((line.total for line in lines if not line.is_waiting), ZERO)
