"""Schemes: what a post is measured by. One proposes, another publishes; the database holds the weights to 100."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import get_visible, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person, Post
from crm.kernel.workdays import clock
from staff.kpi.models import KpiPeriod, KpiScheme, KpiSchemeRow
from staff.kpi.rules.periods import quarter_of
from staff.kpi.rules.scoring import FULL, weights_sum
from staff.kpi.rules.sheets import text_of
from staff.kpi.selectors.measures import MEASURES
from staff.kpi.workflow import SCHEME

FIGURES = ("weight", "target", "cap", "full_at", "zero_at", "step")
ROW = ("measure", "dimension", "method", *FIGURES)


@transaction.atomic
def scheme_propose(
    *, post: Post, effective_from: date, source: str, rows: Sequence[Mapping[str, Any]], by: Person
) -> KpiScheme:
    """Draft what people of `post` are measured by from the quarter beginning on `effective_from`.

    `rows`: measure, dimension, method, weight and the method's figures, in the order of the sheet. BadInput for weights
    that do not sum to 100, unknown measures, figures missing; RuleRefused for a quarter that is over.
    """
    require(by, "create", KpiScheme)
    post = get_visible(Post, by, lock=True, pk=post.pk)
    clean = checked(KpiScheme, {"source": source})
    if len(clean["source"]) < 2:
        raise BadInput(_("State the source of the scheme."), field="source")
    _check_quarter(effective_from)
    made = [_row(number, row) for number, row in enumerate(rows)]
    _check_rows(made)
    if KpiScheme.objects.filter(post=post, status=KpiScheme.Status.DRAFT).exists():
        raise Conflict(_("Another scheme for this post is waiting for publication by a second person."), field="post")
    latest = KpiScheme.objects.filter(post=post).aggregate(Max("number"))["number__max"] or 0
    scheme = KpiScheme.objects.create(
        post=post,
        number=latest + 1,
        effective_from=effective_from,
        proposed_by=by,
        proposed_at=clock.now(),
        **clean,
    )
    for row in made:
        row.scheme = scheme
    KpiSchemeRow.objects.bulk_create(made)
    record("kpi_scheme.proposed", subject=scheme, by=by, after=_facts(scheme, made))
    return scheme


@transaction.atomic
def scheme_approve(*, scheme: KpiScheme, expected_version: int | None, by: Person) -> KpiScheme:
    """Publish a draft; not by who proposed it, nor by who would be measured by it."""
    held = transition(SCHEME, "approve", scheme, by=by, expected_version=expected_version)
    draft = held.row
    _check_quarter(draft.effective_from)
    rows = list(draft.rows.all())
    _check_rows(rows)
    if KpiPeriod.objects.filter(starts_on__gte=draft.effective_from, closed_at__isnull=False).exists():
        raise RuleRefused(_("A quarter that this scheme would apply to is already closed."), field="effective_from")
    held.write(approved_by=by, approved_at=clock.now())
    held.record(after=_facts(draft, rows))
    return draft


@transaction.atomic
def scheme_withdraw(*, scheme: KpiScheme, reason: str, expected_version: int | None, by: Person) -> KpiScheme:
    """Take a draft back, or refuse it; its number stays used."""
    if len(reason.strip()) < 2:
        raise BadInput(_("State why the scheme is withdrawn."), field="reason")
    held = transition(SCHEME, "withdraw", scheme, by=by, expected_version=expected_version)
    held.write()
    held.record(reason=reason.strip())
    return held.row


def _check_quarter(day: date) -> None:
    if day != quarter_of(day).starts_on:
        raise BadInput(
            _("A scheme must start on the first day of a quarter: 1 January, 1 April, 1 July or 1 October."),
            field="effective_from",
        )
    if day < quarter_of(clock.today()).starts_on:
        raise RuleRefused(_("A scheme cannot start in a quarter that has ended."), field="effective_from")


def _row(number: int, given: Mapping[str, Any]) -> KpiSchemeRow:
    """One row, cleaned by the fields' own rules; figures that are empty are none."""
    if unknown := sorted(set(given) - set(ROW)):
        raise BadInput(errors={f"rows.{number}.{name}": [_("This field cannot be set here.")] for name in unknown})
    values = {name: given.get(name) for name in ROW if given.get(name) not in (None, "")}
    row = KpiSchemeRow(order=number + 1, **checked(KpiSchemeRow, values, allowed=ROW))
    if row.measure not in MEASURES:
        raise BadInput(_("This measure does not exist."), field=f"rows.{number}.measure")
    return row


def _check_rows(rows: Sequence[KpiSchemeRow]) -> None:
    """Each measure once, each with the figures of its method, the weights 100 together."""
    errors: dict[str, list[Text]] = {}
    for number, row in enumerate(rows):
        if row.weight is None or (problems := row.scoring.problems()):
            names = ["weight"] if row.weight is None else problems
            errors |= {f"rows.{number}.{name}": [_("This value does not fit the scoring.")] for name in names}
        if row.measure in [other.measure for other in rows[:number]]:
            errors[f"rows.{number}.measure"] = [_("This measure appears twice.")]
    if not errors and (total := weights_sum([row.weight for row in rows])) != FULL:
        text = _("The weights add up to %(sum)s; they must add up to 100.")
        errors["rows"] = [text % {"sum": text_of(Decimal(total))}]
    if errors:
        raise BadInput(errors=errors)


def _facts(scheme: KpiScheme, rows: Sequence[KpiSchemeRow]) -> dict[str, Any]:
    """The scheme as the audit trail keeps it."""
    return {
        "post": scheme.post_id,
        "number": scheme.number,
        "effective_from": scheme.effective_from.isoformat(),
        "source": scheme.source,
        "weights": {row.measure: text_of(row.weight) for row in rows},
    }
