"""The conditions a decision takes over, drops and adds."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import RuleRefused
from crm.kernel.people.models import Person
from risk.reviews.models import Condition, Decision, Stage
from risk.reviews.orders import Order
from risk.reviews.services.locks import Held
from risk.reviews.subjects import subject_of


def lock_conditions(held: Held, order: Order) -> list[Condition]:
    """The conditions of earlier stages that bind now, checked against what the order drops and adds."""
    lacks = "conditions" in order.row.needs and not order.conditions
    if not (order.dropped or lacks):
        return []
    standing = [
        row
        for row in Condition.objects.select_for_update(of=("self",)).select_related("created_by").filter(case=held.case)
        if row.is_in_force
    ]
    by_vote = [row.pk for row in standing if row.pk in order.dropped and row.created_by.stage == Stage.COMMITTEE]
    if by_vote:
        raise RuleRefused(
            errors={f"dropped.{pk}": [_("A condition of the credit committee stays.")] for pk in by_vote},
            code="condition_of_committee",
        )
    unknown = set(order.dropped) - {row.pk for row in standing}
    if unknown:
        raise RuleRefused(
            errors={f"dropped.{pk}": [_("This is not a condition in force in this case.")] for pk in sorted(unknown)},
            code="no_such_condition",
        )
    if lacks and len(standing) == len(order.dropped):
        raise RuleRefused(
            _("Enter at least one condition, or approve without conditions."), field="conditions", code="no_condition"
        )
    return standing


def write_conditions(decision: Decision, order: Order, standing: Sequence[Condition]) -> None:
    """Drop what the order drops and add what it adds; a condition without an owner is the account manager's."""
    for row in standing:
        if row.pk in order.dropped:
            row.status, row.dropped_by, row.dropped_reason = Condition.Status.DROPPED, decision, order.dropped[row.pk]
            row.version += 1
            row.save(update_fields=["status", "dropped_by", "dropped_reason", "version"])
    if not order.conditions:
        return
    case = decision.case
    rows = []
    known = _people({row["owner"] for row in order.conditions if isinstance(row["owner"], int)})
    for place, given in enumerate(order.conditions):
        owner = known.get(given["owner"], given["owner"]) if given["owner"] else case.project.client.owner
        if not isinstance(owner, Person) or not owner.is_active:
            left = _("The account manager no longer works here: choose the person responsible.")
            unknown = _("No active person has this number.")
            raise RuleRefused(unknown if given["owner"] else left, field=f"conditions.{place}.owner", code="owner")
        rows.append(Condition(case=case, created_by=decision, **{**given, "owner": owner}))
    Condition.objects.bulk_create(rows)


def write_own_conditions(held: Held, decision: Decision) -> None:
    """Add what the subject itself asks of an approval, as blocking conditions of the account manager."""
    project = held.project
    rows = [
        Condition(
            case=held.case,
            created_by=decision,
            owner=project.client.owner,
            kind=Condition.Kind.PRECEDENT,
            blocking=True,
            text=str(own.text),
            due_text=str(own.due_text),
        )
        for own in subject_of(held.case).list_conditions(held.case, project)
    ]
    Condition.objects.bulk_create(rows)


def _people(ids: set[int]) -> dict[Any, Person]:
    return Person.objects.in_bulk(ids) if ids else {}
