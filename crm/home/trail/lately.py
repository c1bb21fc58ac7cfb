"""What auditors read first: the newest decisions, refusals, and acts that give somebody rights or another limit."""

from dataclasses import dataclass
from datetime import timedelta

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

    One query: the keys of each sort by index, then the rows.
    """
    if not viewer.roles & READERS:
        return None
    recent = AuditEvent.objects.filter(at__gte=clock.now() - LATELY).order_by("-at", "-id")
    sorts = [
        recent.filter(outcome=Outcome.DONE, action__in=_acts("decision")),
        recent.filter(outcome=Outcome.REFUSED),
        recent.filter(outcome=Outcome.DONE, action__in=_acts("rights")),
    ]
    first, *others = [sort.values("pk")[:SHOWN] for sort in sorts]
    shown = event_list(viewer=viewer).select_related(None).defer("payload", "evidence", "proof")
    rows = list(shown.filter(pk__in=first.union(*others, all=True)).order_by("-at", "-id"))
    decisions = set(_acts("decision"))
    refused = [row for row in rows if row.outcome == Outcome.REFUSED]
    done = [row for row in rows if row.outcome == Outcome.DONE]
    return Lately(
        decided=[row for row in done if row.action in decisions],
        refused=refused,
        weighty=[row for row in done if row.action not in decisions],
    )


def _acts(sort: str) -> list[str]:
    return [act.code for act in ACTS.values() if act.watch == sort]
