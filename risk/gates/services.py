"""Waivers of gates: a maker asks a named person of the level; that person gives it with reason and expiry, or not."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, RuleRefused
from crm.kernel.access.grants import set_grants
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.deals.models import Project, ProjectGrant
from projects.deals.policies import CHANGE
from projects.deals.workflow import why_closed
from risk.gates.models import GateWaiver
from risk.gates.selectors.waivers import list_deciders, map_waivable
from risk.gates.workflow import WAIVER

LEAST = 10
MOST_DAYS = "deal.waiver_max_days"


@transaction.atomic
def waiver_ask(*, project: Project, gate: str, asked_of: Person, reason: str, by: Person) -> GateWaiver:
    """Ask a named person to waive one gate. That person may read the deal until they have decided.

    By who works on the deal, while no review holds it (409). 400 for a short reason; 422 for a gate that the rule set
    does not let be waived for this product, and for a person whose level does not reach it or who works on the deal.
    An open request for the same gate is replaced.
    """
    row = permit(Project, by, CHANGE, lock=True, rows=Project.objects.select_related("client"), pk=project.pk)
    if not row.is_open_for_change:
        raise why_closed(row)
    text = _reason(reason, "asked_reason")
    level = map_waivable(row.product).get(gate)
    if level is None:
        raise RuleRefused(_("This requirement cannot be waived for this product."), field="gate", code="not_waivable")
    if asked_of.pk not in {person.pk for person in list_deciders(row, level)}:
        raise RuleRefused(
            _("%(name)s cannot waive this requirement: the authority does not reach it, or they work on the project.")
            % {"name": asked_of.name},
            field="asked_of",
            code="not_a_decider",
        )
    open_ones = GateWaiver.objects.select_for_update().filter(project=row, gate=gate, status=GateWaiver.Status.ASKED)
    for older in open_ones:
        older.status = GateWaiver.Status.REPLACED
        older.save(update_fields=["status"])
        _show_deal(older, by=by, is_shown=False)
    waiver = GateWaiver.objects.create(
        project=row,
        gate=gate,
        level=level,
        asked_of=asked_of,
        asked_by=by,
        asked_by_name=by.name,
        asked_reason=text,
        asked_at=clock.now(),
    )
    _show_deal(waiver, by=by, is_shown=True)
    record(
        "gate_waiver.asked",
        subject=waiver,
        by=by,
        reason=text,
        data={"project": row.pk, "gate": gate, "asked_of": asked_of.pk},
    )
    return waiver


@transaction.atomic
def waiver_grant(*, waiver: GateWaiver, reason: str, expires_on: date | None, by: Person) -> GateWaiver:
    """Waive the gate through `expires_on`. 403 but for who was asked, 409 once decided, 400 for reason and day."""
    held = transition(WAIVER, "grant", waiver, by=by)
    text, today = _reason(reason, "reason"), clock.today()
    last = today + timedelta(days=int(parameters.value(MOST_DAYS).value))
    if expires_on is None or not today <= expires_on <= last:
        raise BadInput(
            _("State the last day, from %(first)s to %(last)s.") % {"first": today, "last": last}, field="expires_on"
        )
    held.write(
        decided_by=by,
        decided_by_name=by.name,
        decided_level=by.authority_level,
        decided_at=clock.now(),
        reason=text,
        expires_on=expires_on,
    )
    _show_deal(held.row, by=by, is_shown=False)
    held.record(
        reason=text,
        data={"project": held.row.project_id, "gate": held.row.gate, "until": expires_on},
        evidence=(held.row,),
    )
    return held.row


@transaction.atomic
def waiver_decline(*, waiver: GateWaiver, reason: str, by: Person) -> GateWaiver:
    """Do not waive the gate, with a reason. 403 but for who was asked, 409 once decided."""
    held = transition(WAIVER, "decline", waiver, by=by)
    text = _reason(reason, "reason")
    held.write(
        decided_by=by,
        decided_by_name=by.name,
        decided_level=by.authority_level,
        decided_at=clock.now(),
        reason=text,
    )
    _show_deal(held.row, by=by, is_shown=False)
    held.record(reason=text, data={"project": held.row.project_id, "gate": held.row.gate})
    return held.row


def _reason(text: str, field: str) -> str:
    clean = str(checked(GateWaiver, {field: text}, allowed=(field,))[field])
    if len(clean) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field=field)
    return clean


def _show_deal(waiver: GateWaiver, *, by: Person, is_shown: bool) -> None:
    """Who was asked reads the deal while the request is open."""
    set_grants(
        ProjectGrant,
        waiver.project,
        action="view",
        person_ids=[waiver.asked_of_id] if is_shown else [],
        source=f"waiver:{waiver.pk}",
        reason=_("Decides on a waiver"),
        by=by,
    )
