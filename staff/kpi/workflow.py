"""Moves of schemes and quarters as tables: a scheme is published by a second person, a quarter is closed once."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from staff.kpi.models import KpiPeriod, KpiScheme

DRAFT = (KpiScheme.Status.DRAFT,)


def refuse_no_draft(scheme: KpiScheme, move: Move) -> Conflict:
    """Somebody has published or withdrawn it."""
    return Conflict(_("This scheme is no longer waiting for publication."), field="status")


def why_closed(period: KpiPeriod) -> Conflict:
    """The refusal of a change of a closed quarter."""
    return Conflict(
        _("Quarter %(code)s is closed: later changes become corrections in the next quarter.") % {"code": period.code},
        code="closed",
    )


def refuse_closed(period: KpiPeriod, move: Move) -> Conflict:
    """A quarter is closed once."""
    return why_closed(period)


SCHEME = Workflow(
    model=KpiScheme,
    moves=(
        Move("approve", DRAFT, KpiScheme.Status.PUBLISHED, audit="kpi_scheme.published"),
        Move("withdraw", DRAFT, KpiScheme.Status.WITHDRAWN, audit="kpi_scheme.withdrawn"),
    ),
    refuse_state=refuse_no_draft,
)
PERIOD = Workflow(
    model=KpiPeriod,
    state="is_closed",
    moves=(
        Move("close", (False,), audit="kpi_period.closed"),
        Move("refresh", (False,), action=""),
    ),
    refuse_state=refuse_closed,
)
