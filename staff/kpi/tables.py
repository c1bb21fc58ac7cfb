"""The KPI table of a quarter."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.text.numbers import figure
from crm.kernel.web import tables
from staff.kpi.models import KpiResult, KpiScheme


def post_line(result: KpiResult) -> Any:
    """The grey line under the name: the post."""
    return result.kept.post.name if result.post_id else ""


def state(result: KpiResult) -> str:
    """The status word of the quarter."""
    return "closed" if result.period.is_closed else "preview"


class StateColumn(tables.BadgeColumn):
    """Whether the quarter may still move."""

    def render(self, value: Any, record: KpiResult) -> Any:
        return super().render(state(record), record)


class MeasuredColumn(tables.KernelColumn):
    """What the points are out of: the weight that could be measured."""

    kind = "num"

    def render(self, value: Any) -> str:
        return figure(value, 0 if value == value.to_integral_value() else 2)


class ScoreColumn(tables.KernelColumn):
    """Points per hundred of what was measured; words where too little was measured to be ranked."""

    kind = "num"

    def render(self, value: Any, record: KpiResult) -> Any:
        return figure(value, 2) if record.is_ranked else _("not ranked")  # type: ignore[attr-defined]


class KpiResultTable(tables.KernelTable):
    """Who, where, the score, how many points of how many that could be measured, and whether that may still change."""

    person = tables.NameColumn(
        verbose_name=_("Name"),
        accessor="kept__person__name",
        route="staff:kpi_scorecard",
        second=post_line,
        order="person",
        needs=("person", "post", "kept_words"),
    )
    department = tables.TextColumn(
        verbose_name=_("Department"), accessor="kept__department__name", needs=("department", "kept_words"), order=""
    )
    period = tables.CodeColumn(verbose_name=_("Quarter"), accessor="period__code", order="period")
    score = ScoreColumn(verbose_name=_("Score of 100"), order="score", needs=("points", "measured"), phone="end")
    points = tables.NumberColumn(verbose_name=_("Points"), places=2, order="")
    measured = MeasuredColumn(verbose_name=_("out of"), order="")
    state = StateColumn(verbose_name=_("State"), accessor="period__code", status="kpi", order="", needs=("period",))
    computed_at = tables.DateColumn(verbose_name=_("Computed"), order="", phone="hide")


def scheme_people(scheme: KpiScheme) -> Any:
    """The grey line under the post: where the scheme comes from."""
    return scheme.source


class KpiSchemeTable(tables.KernelTable):
    """Which scheme measures which post from when, and the two people behind it."""

    post = tables.NameColumn(
        verbose_name=_("Post"),
        accessor="kept__post__name",
        route="staff:kpi_scheme",
        second=scheme_people,
        order="",
        needs=("source", "post", "kept_words"),
    )
    number = tables.NumberColumn(verbose_name=_("Version"), order="")
    effective_from = tables.DateColumn(verbose_name=_("In force from"), full=True, order="")
    status = tables.BadgeColumn(verbose_name=_("Status"), accessor="status", status="kpi_scheme", order="")
    proposed_by = tables.PersonColumn(
        verbose_name=_("Proposed by"), accessor="kept__proposed_by", needs=("proposed_by", "kept_words"), order=""
    )
    approved_by = tables.PersonColumn(
        verbose_name=_("Published by"),
        accessor="kept__approved_by",
        needs=("approved_by", "kept_words"),
        order="",
        phone="hide",
    )
