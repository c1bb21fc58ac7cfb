"""What the night asks for, set-based: a reminder before an instalment is due, a to-do once one is overdue."""

from typing import Any

from django.db import transaction

from crm.kernel.access.errors import NotPermitted
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close_set, todo_open_set
from projects.funding.models import Contract

DUE_TODO, OVERDUE_TODO = "repayment.due", "repayment.overdue"
REMINDER = "servicing.reminder"
LABEL = Contract._meta.label_lower

# The oldest unpaid instalment of each contract within the days asked for, and what is unpaid of all of them.
FOUND = """
SELECT contract.id, project.client_id, client.owner_id, client.name, contract.number,
    min(row.due_on) AS due_on, min(row.pay_by) AS pay_by,
    sum(row.owed_principal + row.owed_interest - row.paid_principal - row.paid_interest) AS unpaid
FROM projects_instalment AS row
JOIN projects_repaymentplan AS plan ON plan.id = row.plan_id
JOIN projects_contract AS contract ON contract.id = plan.contract_id
JOIN projects_project AS project ON project.id = contract.project_id
JOIN clients_client AS client ON client.id = project.client_id
WHERE row.is_current AND row.owed_principal + row.owed_interest > row.paid_principal + row.paid_interest
    AND {days}
GROUP BY contract.id, project.client_id, client.owner_id, client.name, contract.number
"""
OVERDUE = FOUND.format(days="row.pay_by < %(today)s::date")
DUE = FOUND.format(days="row.pay_by >= %(today)s::date AND row.due_on <= %(until)s::date")
# One that is open keeps its day: the night does not put off what it asked for.
DUE_ON = """
coalesce((SELECT todo.due_on FROM kernel_todo AS todo WHERE todo.kind = '{kind}' AND todo.done_at IS NULL
    AND todo.object_type = '{label}' AND todo.object_id = found.id::text), {day})
"""
WANTED = """
SELECT found.id::text AS object_id, found.owner_id, {due_on} AS due_on,
    '/projects/contracts/' || found.id || '/servicing/' AS url,
    jsonb_build_object('client', found.name, 'number', found.number, 'day', found.due_on, 'sum', found.unpaid) AS data
FROM ({found}) AS found
"""
SETTLED = """
SELECT todo.object_id FROM kernel_todo AS todo
WHERE todo.kind = '{kind}' AND todo.object_type = '{label}' AND todo.done_at IS NULL
    AND todo.object_id NOT IN (SELECT found.id::text FROM ({found}) AS found)
"""


@transaction.atomic
def repayments_remind(*, by: Viewer) -> dict[str, int]:
    """Give each account manager what falls due soon and what is overdue since this morning; close what was paid.

    Twice on one day it changes nothing the second time. NotPermitted: a job does this. Counts of what changed.
    """
    if not by.is_system:
        raise NotPermitted
    rule = parameters.value(REMINDER).value
    today = clock.today()
    given: dict[str, Any] = {
        "today": today,
        "until": add_workdays(today, rule["workdays"]).date,
        "answer_by": add_workdays(today, 1).date,
    }
    counts: dict[str, int] = {}
    for kind, found, day in ((DUE_TODO, DUE, "found.pay_by"), (OVERDUE_TODO, OVERDUE, "%(answer_by)s::date")):
        name = kind.removeprefix("repayment.")
        told: dict[str, Any] = {"kind": kind, "object_type": LABEL, "parameters": given, "by": by}
        due_on = DUE_ON.format(kind=kind, label=LABEL, day=day) if kind == OVERDUE_TODO else day
        opened, _changed = todo_open_set(rows=WANTED.format(due_on=due_on, found=found), **told)
        closed = todo_close_set(rows=SETTLED.format(kind=kind, label=LABEL, found=found), outcome="paid", **told)
        counts |= {name: opened, f"{name}_closed": closed}
    if any(counts.values()):
        record("repayment.reminded", subject=None, by=by, data=counts)
    return counts
