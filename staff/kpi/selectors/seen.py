"""What people see of KPI: the table, one sheet, the quarters before it, corrections. From `visible_to` always."""

from django.db.models import Q, QuerySet

from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import Deadline, add_workdays
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme

SHOWN_WITH = ("period", "person", "department", "post")
QUARTERS_SHOWN = 6
APPEAL = "kpi.appeal_workdays"


def result_list(*, viewer: Viewer) -> QuerySet[KpiResult]:
    """The results this person may see, newest quarter first, without the sheets."""
    return KpiResult.objects.visible_to(viewer).select_related(*SHOWN_WITH).defer("document")


def result_get(*, viewer: Viewer, pk: int) -> KpiResult:
    """One visible result with its sheet and scheme; NotVisible otherwise."""
    rows = KpiResult.objects.visible_to(viewer).select_related(*SHOWN_WITH, "scheme")
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
