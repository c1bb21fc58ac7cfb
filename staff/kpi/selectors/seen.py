"""What people see of KPI: the table, one sheet, the quarters before it, corrections. From `visible_to` always."""

from decimal import Decimal

from django.db.models import BooleanField, Case, DecimalField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Round

from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import Deadline, add_workdays
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme

SHOWN_WITH = ("period", "person", "department", "post")
QUARTERS_SHOWN = 6
APPEAL = "kpi.appeal_workdays"
RANKED_FROM = "kpi.ranked_from"
SCORE = DecimalField(max_digits=12, decimal_places=2)
# Below every score, so that whoever is not ranked comes last.
UNRANKED = Decimal(-1_000_000)


def result_list(*, viewer: Viewer) -> QuerySet[KpiResult]:
    """The results this person may see, newest quarter first, without the sheets; in each quarter by score, and after
    them those of whom too little was measured to be ranked (`is_ranked`).
    """
    rows = rank(KpiResult.objects.visible_to(viewer)).select_related(*SHOWN_WITH).defer("document")
    return rows.order_by("-period__starts_on", "-ranking", "-pk")  # type: ignore[misc]


def rank(rows: QuerySet[KpiResult]) -> QuerySet[KpiResult]:
    """Annotate `is_ranked` and `ranking`: the score of those of whom `kpi.ranked_from` of the weight was measured.

    Totals out of different weights are compared by nothing else (rules 6.1). One query for the parameter.
    """
    least = Decimal(parameters.value(RANKED_FROM).value)
    enough = Q(measured__gte=least, measured__gt=0)
    per_hundred = ExpressionWrapper(F("points") * 100 / F("measured"), output_field=SCORE)
    return rows.annotate(
        is_ranked=ExpressionWrapper(enough, output_field=BooleanField()),
        ranking=Case(When(enough, then=Round(per_hundred, 2)), default=Value(UNRANKED), output_field=SCORE),
    )


def result_get(*, viewer: Viewer, pk: int) -> KpiResult:
    """One visible result with its sheet and scheme; NotVisible otherwise."""
    rows = rank(KpiResult.objects.visible_to(viewer)).select_related(*SHOWN_WITH, "scheme")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def newest_own(*, viewer: Viewer) -> KpiResult | None:
    """One's own result of the newest quarter."""
    rows = result_list(viewer=viewer).filter(person_id=viewer.pk)
    return rows.order_by("-period__starts_on").first()


def period_list(*, viewer: Viewer) -> QuerySet[KpiPeriod]:
    """The quarters, newest first."""
    return KpiPeriod.objects.visible_to(viewer).select_related("closed_by").order_by("-starts_on")


def period_shown(*, viewer: Viewer, code: str = "") -> KpiPeriod | None:
    """The quarter asked for, else the newest that has results."""
    rows = period_list(viewer=viewer)
    return rows.filter(code=code).first() if code else rows.filter(computed_at__isnull=False).first()


def history_of(*, viewer: Viewer, result: KpiResult) -> list[KpiResult]:
    """The person's last quarters up to the result's, oldest first, as far as the viewer may see them."""
    rows = result_list(viewer=viewer).filter(person_id=result.person_id, period__starts_on__lte=result.period.starts_on)
    return list(reversed(rows.order_by("-period__starts_on")[:QUARTERS_SHOWN]))


def corrections_of(*, viewer: Viewer, result: KpiResult) -> list[KpiCorrection]:
    """Corrections of this quarter, and those of earlier ones that appear in it."""
    rows = KpiCorrection.objects.visible_to(viewer).select_related("period", "appears_in", "entered_by")
    either = Q(period=result.period_id) | Q(appears_in=result.period_id)
    return list(rows.filter(either, person_id=result.person_id).order_by("entered_at", "pk"))


def scheme_list(*, viewer: Viewer) -> QuerySet[KpiScheme]:
    """Schemes, by post, newest first."""
    rows = KpiScheme.objects.visible_to(viewer).select_related("post", "proposed_by", "approved_by")
    return rows.order_by("post__name", "-number")


def scheme_get(*, viewer: Viewer, pk: int) -> KpiScheme:
    """One scheme with its people; NotVisible otherwise."""
    found = scheme_list(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def closing_from(period: KpiPeriod) -> Deadline:
    """The last day for objections: so many working days after the quarter's last day (rules 6.1)."""
    days = parameters.value(APPEAL, on=period.ends_on).value
    return add_workdays(period.ends_on, days)


def open_before(period: KpiPeriod) -> KpiPeriod | None:
    """The earliest quarter that must be closed before this one."""
    earlier = KpiPeriod.objects.filter(starts_on__lt=period.starts_on, closed_at__isnull=True)
    return earlier.order_by("starts_on").first()


def is_closable(period: KpiPeriod) -> bool:
    """Whether its turn to be closed has come: it is open, the days for objections are over, none before it is open."""
    today = clock.today()
    if period.is_closed or today <= period.ends_on:
        return False
    return today > closing_from(period).date and open_before(period) is None
