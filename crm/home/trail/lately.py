"""What auditors read first: the newest decisions, refusals, and acts that give somebody rights or another limit."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from crm.home.trail.policies import READERS
from crm.home.trail.selectors import event_list
from crm.kernel.audit.models import AuditEvent, Outcome
from crm.kernel.declarations.acts import ACTS
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

LATELY = timedelta(days=7)
SHOWN = 6


@dataclass(frozen=True)
class Lately:
    """The newest rows of the trail that an auditor looks at first."""

    decided: list[AuditEvent]
    refused: list[AuditEvent]
    weighty: list[AuditEvent]


def lately(*, viewer: Person) -> Lately | None:
    """Decisions, refusals and weighty acts of the last days, newest first; None for who does not read the trail.

    Three queries.
    """
    if not viewer.roles & READERS:
        return None
    rows: QuerySet[AuditEvent] = event_list(viewer=viewer).filter(at__gte=clock.now() - LATELY).order_by("-at", "-id")
    done = rows.filter(outcome=Outcome.DONE)
    return Lately(
        decided=list(done.filter(action__in=_acts("decision"))[:SHOWN]),
        refused=list(rows.filter(outcome=Outcome.REFUSED)[:SHOWN]),
        weighty=list(done.filter(action__in=_acts("rights"))[:SHOWN]),
    )


def _acts(sort: str) -> list[str]:
    return [act.code for act in ACTS.values() if act.watch == sort]
