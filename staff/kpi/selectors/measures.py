"""What can be measured: each measure with its definition, the one query that answers for all people, and its rows.

A definition is code because it is a query; which measures a post has, their weights and targets are a scheme's rows.
Whoever changes what a query counts raises `definition`: a closed quarter says which one it was computed with.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Round
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, ClientType, Contact
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from risk.reviews.models import APPROVALS, Decision, ReviewRound, Stage, Verb
from risk.reviews.workflow import DEAL
from staff.kpi.rules.periods import Quarter
from staff.kpi.rules.sheets import PER_TEN, SHARE, SUM, Row

Stamps = Mapping[str, ParameterValue]
PARAMETERS = ("deal.currencies", "kpi.required_client_fields")
COMPLAINT, WARNING = "staff.ComplaintEvent", "risk.WarningObservation"
MONEY = DecimalField(max_digits=20, decimal_places=2)


@dataclass(frozen=True)
class Behind:
    """One source row as the drill-down shows it: its name and address, the grey line, the day, what it counted."""

    text: str
    url: str
    note: Text
    day: date | None
    part: Decimal
    whole: Decimal


@dataclass(frozen=True)
class Measure:
    """One measure. `facts(quarter, stamps)` answers rows annotated with holder, figure and whole, for all people;
    None while nobody keeps such facts. `of_state`: it reads how things stand now, not what happened in the quarter, so
    the rows kept at closing are the only record of it. `occasions(quarter)`, of a PER_TEN measure: rows annotated with
    holder, one for each occasion on which a source row could have come about; without any nothing is measured.
    """

    code: str
    name: Text
    unit: str
    reading: str
    is_up: bool
    definition: int
    says: Text
    facts: Callable[[Quarter, Stamps], QuerySet[Any] | None]
    source: str
    tell: Callable[[QuerySet[Any]], Iterable[tuple[int, str, str, Text, date | None]]]
    of_state: bool = False
    occasions: Callable[[Quarter], QuerySet[Any]] | None = None

    @property
    def model(self) -> Any:
        """The model of its source rows; None while the wing that keeps them is not there."""
        return _model(self.source)


def _decisions(quarter: Quarter, **conditions: Any) -> QuerySet[Decision]:
    first, end = quarter.moments
    rows = Decision.objects.filter(decided_at__gte=first, decided_at__lt=end, **conditions)
    # Who kept the client when the deal was filed: that column never changes once the deal is in review.
    return rows.annotate(holder=F("case__project__owner_id"))


def _financings(quarter: Quarter, stamps: Stamps) -> QuerySet[Decision]:
    """Final approvals, each with its approved amount in yuan at the rates in force on the quarter's last day."""
    rates = [
        When(case__project__currency=item["code"], then=Value(Decimal(item["to_cny"])))
        for item in stamps["deal.currencies"].value
    ]
    rate = Case(*rates, default=Value(Decimal(1)), output_field=DecimalField(max_digits=20, decimal_places=6))
    decided = Coalesce("amount", "case__project__approved_amount")
    amount = Round(decided * rate, 2, output_field=MONEY)
    # An amendment changes a financing that was counted when it was approved.
    approvals = _decisions(quarter, stage=Stage.FINAL, verb__in=APPROVALS, case__kind=DEAL)
    rows = approvals.filter(case__project__approved_amount__isnull=False)
    return rows.annotate(figure=amount, whole=Value(Decimal(0), output_field=MONEY))


def _returned(quarter: Quarter, stamps: Stamps) -> QuerySet[Decision]:
    one = Value(Decimal(1), output_field=MONEY)
    return _decisions(quarter, verb=Verb.RETURN).annotate(figure=one, whole=one)


def _submissions(quarter: Quarter) -> QuerySet[ReviewRound]:
    """Review rounds that were submitted in the quarter, or returned in it: each could have been returned."""
    first, end = quarter.moments
    returned = _decisions(quarter, verb=Verb.RETURN).filter(case=OuterRef("case"), round=OuterRef("number"))
    rows = ReviewRound.objects.filter(Q(opened_at__gte=first, opened_at__lt=end) | Exists(returned))
    return rows.annotate(holder=F("case__project__owner_id"))


def _decision_lines(rows: QuerySet[Any]) -> Iterable[tuple[int, str, str, Text, date | None]]:
    for row in rows.select_related("case__project"):
        case = row.case
        yield row.pk, case.project.name, case.get_absolute_url(), f"{case.number} · {row}", row.decided_at


def _model(label: str) -> Any:
    """A model by its label, None where there is none: by name, because its wing may come later than this one."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _kept(rows: QuerySet[Any], quarter: Quarter, *, holder: Any, due: Any, kept: Q) -> QuerySet[Any]:
    """Records that decided a deadline which fell into the quarter, each one of one when it was `kept`.

    They were written when it was kept or missed, with who had it then, and never change: what is handed over, raised
    or asked again later has another deadline.
    """
    one, none = Value(Decimal(1), output_field=MONEY), Value(Decimal(0), output_field=MONEY)
    rows = rows.annotate(holder=holder, due=due).filter(holder__isnull=False)
    rows = rows.filter(due__gte=quarter.starts_on, due__lte=quarter.ends_on)
    return rows.annotate(figure=Case(When(kept, then=one), default=none, output_field=MONEY), whole=one)


def _complaints(quarter: Quarter, stamps: Stamps) -> QuerySet[Any] | None:
    model = _model(COMPLAINT)
    if model is None:
        return None
    # The reply or the passing of the limit, whichever came first: a later reply does not undo it, nor a reopening.
    deciding = model.objects.filter(kind__in=("replied", "overdue"))
    earlier = deciding.filter(complaint=OuterRef("complaint"), pk__lt=OuterRef("pk"))
    holder, due = Cast(KT("data__responsible"), BigIntegerField()), Cast(KT("data__due_on"), DateField())
    kept = Q(kind="replied", data__in_time=True)
    return _kept(deciding.filter(~Exists(earlier)), quarter, holder=holder, due=due, kept=kept)


def _warnings(quarter: Quarter, stamps: Stamps) -> QuerySet[Any] | None:
    model = _model(WARNING)
    if model is None:
        return None
    decided = model.objects.exclude(deadline="")
    return _kept(decided, quarter, holder=F("owner_id"), due=F("due_on"), kept=Q(deadline="kept"))


def _complaint_lines(rows: QuerySet[Any]) -> Iterable[tuple[int, str, str, Text, date | None]]:
    for row in rows.select_related("complaint"):
        due = date.fromisoformat(row.data["due_on"])
        yield row.pk, row.complaint.number, row.complaint.get_absolute_url(), row.get_kind_display(), due


def _warning_lines(rows: QuerySet[Any]) -> Iterable[tuple[int, str, str, Text, date | None]]:
    for row in rows.select_related("warning__client"):
        note = f"{row.warning} · {row.get_deadline_display()}"
        yield row.pk, row.warning.client.name, row.warning.get_absolute_url(), note, row.due_on


# What `kpi.required_client_fields` may name, and when it is filled.
FILLED: dict[str, Q | Exists] = {
    "industry": Q(industry__isnull=False),
    "region": Q(region__isnull=False),
    "size": ~Q(size=""),
    "address": ~Q(address=""),
    "legal_representative": ~Q(legal_representative=""),
    "confirmed_on": Q(confirmed_on__isnull=False),
    "first_contact": Exists(Contact.objects.filter(client=OuterRef("pk"), is_primary=True)),
}


def _fields(quarter: Quarter, stamps: Stamps) -> QuerySet[Client]:
    """Own clients, each with how many of its required fields are filled, of how many. As they stand now."""
    required = stamps["kpi.required_client_fields"].value
    ones = {name: Case(When(found, then=1), default=0, output_field=IntegerField()) for name, found in FILLED.items()}
    sums = {kind: sum((ones[name] for name in names), Value(0)) for kind, names in required.items()}
    of_person = Q(client_type=ClientType.INDIVIDUAL)

    def by_kind(given: Mapping[str, Any]) -> Case:
        return Case(When(of_person, then=given["individual"]), default=given["organisation"], output_field=MONEY)

    counts = {kind: Value(len(names)) for kind, names in required.items()}
    _first, end = quarter.moments
    return Client.objects.filter(created_at__lt=end).annotate(
        holder=F("owner_id"), figure=by_kind(sums), whole=by_kind(counts)
    )


def _client_lines(rows: QuerySet[Any]) -> Iterable[tuple[int, str, str, Text, date | None]]:
    for row in rows.only("name", "credit_code", "confirmed_on"):
        yield row.pk, row.name, row.get_absolute_url(), row.credit_code or "", row.confirmed_on


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure(
            "financings_approved",
            _("Financings approved"),
            "yuan",
            SUM,
            True,
            1,
            _(
                "Amounts approved at final approval in the quarter, in yuan, credited to the account manager at "
                "the time the project was created."
            ),
            _financings,
            "risk.Decision",
            _decision_lines,
        ),
        Measure(
            "complaints_on_time",
            _("Complaints replied to on time"),
            "share",
            SHARE,
            True,
            2,
            _(
                "Share of complaints due in the quarter, with this person as handler at the due date, that were "
                "replied to on time."
            ),
            _complaints,
            COMPLAINT,
            _complaint_lines,
        ),
        Measure(
            "warnings_on_time",
            _("Warnings handled on time"),
            "share",
            SHARE,
            True,
            2,
            _(
                "Share of warnings due in the quarter, with this person responsible at the due date, that were "
                "handled on time."
            ),
            _warnings,
            WARNING,
            _warning_lines,
        ),
        Measure(
            "reviews_returned",
            _("Reviews returned"),
            "per_ten",
            PER_TEN,
            False,
            2,
            _(
                "Returns decided in the quarter, at any stage, of projects created by the person, per ten submissions "
                "of such projects in the quarter. Without a submission nothing is measured."
            ),
            _returned,
            "risk.Decision",
            _decision_lines,
            occasions=_submissions,
        ),
        Measure(
            "fields_filled",
            _("Required client fields filled"),
            "share",
            SHARE,
            True,
            1,
            _(
                "Share of required fields filled for the person's own clients at the time of computation; a "
                "closed quarter keeps the figure at closing."
            ),
            _fields,
            "clients.Client",
            _client_lines,
            of_state=True,
        ),
    )
}


def stamps_on(day: date) -> dict[str, ParameterValue]:
    """The parameters all definitions need, in force on `day`. One query."""
    return parameters.values(PARAMETERS, on=day)


def facts_of(measure: Measure, quarter: Quarter, stamps: Stamps) -> dict[int, list[Row]] | None:
    """Person → source rows of one measure, for all people in one query; None while nobody keeps such facts."""
    rows = measure.facts(quarter, stamps)
    if rows is None:
        return None
    grouped = (
        rows.order_by()
        .values("holder")
        .annotate(
            keys=ArrayAgg("pk", order_by="pk"),
            parts=ArrayAgg("figure", order_by="pk"),
            wholes=ArrayAgg("whole", order_by="pk"),
        )
        .values_list("holder", "keys", "parts", "wholes")
    )
    return {
        holder: list(zip(keys, map(Decimal, parts), map(Decimal, wholes), strict=True))
        for holder, keys, parts, wholes in grouped
    }


def occasions_of(measure: Measure, quarter: Quarter) -> dict[int, int]:
    """Person → on how many occasions a source row of the measure could have come about. One query."""
    if measure.occasions is None:
        return {}
    rows = measure.occasions(quarter).order_by().values("holder").annotate(count=Count("pk"))
    return dict(rows.values_list("holder", "count"))


def behind(measure: Measure, rows: Sequence[Row], *, viewer: Viewer, limit: int) -> tuple[list[Behind], int]:
    """The source rows the viewer may see, newest first, at most `limit`, and how many they may see of all."""
    if measure.model is None:
        return [], 0
    figures = {key: (part, whole) for key, part, whole in rows}
    visible: Any = measure.model._default_manager
    seen = visible.visible_to(viewer).filter(pk__in=list(figures)).order_by("-pk")
    told = measure.tell(seen[:limit])
    shown = [Behind(text, url, note, day, *figures[key]) for key, text, url, note, day in told]
    return shown, len(shown) if len(shown) < limit else seen.count()
