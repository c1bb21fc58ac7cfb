"""What is watched rather than done: alarms of reviews and of the audit trail as lines, and what auditors read first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.home.day.line import MOST, Line
from crm.home.health import ANCHOR_LIMIT
from crm.home.trail.policies import READERS
from crm.home.trail.selectors import event_list
from crm.kernel.audit.models import AuditEvent, Outcome
from crm.kernel.audit.selectors import anchor_age
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from risk.reviews.selectors import stuck

LATELY = timedelta(days=7)
SHOWN = 6
DECISIONS = ("review.decided", "rating.confirmed", "rating.rejected")
# Acts that give somebody more rights or another limit, and reads of what is masked.
WEIGHTY = (
    "role.granted",
    "role.revoked",
    "account.opened",
    "account.password_reset",
    "api_key.created",
    "parameter.approved",
    "personal.revealed",
    "audit.exported",
)


def _trail(title: str, note: str) -> Line:
    return Line(
        kind="audit",
        icon="shield-check",
        title=title,
        note=note,
        due=clock.today(),
        act=_("See the trail"),
        url=reverse("home:audit_list"),
    )


def _minutes(age: timedelta) -> int:
    return int(age.total_seconds() // 60)


def late_anchors(person: Person) -> Iterable[Line]:
    """For auditors: what was written is not anchored (nor sealed, if the sealer stands), or no anchor can be read."""
    if not person.roles & READERS:
        return
    try:
        age = anchor_age()
    except OSError:
        yield _trail(_("The anchors of the audit trail cannot be read"), _("Ask the operator for the anchor folder."))
        return
    if age is not None and age > ANCHOR_LIMIT:
        yield _trail(
            _("The audit trail is not being anchored"),
            _("The oldest row that no anchor covers is %(minutes)s minutes old; %(limit)s are the limit.")
            % {"minutes": _minutes(age), "limit": _minutes(ANCHOR_LIMIT)},
        )


def stuck_cases(person: Person) -> Iterable[Line]:
    """Open cases that nobody can decide: for the head of the department, for who grants roles, for the auditor."""
    grants = person.has_role(Role.SECURITY_ADMIN)
    for case in stuck(viewer=person).order_by("due_on", "id")[:MOST]:
        # Who grants roles learns which stage lacks people, not whose project it is.
        about = "" if grants else f"{case.project.name} · {case.project.client.name}"
        yield Line(
            kind="review",
            icon="user-off",
            title=_("Nobody can decide: %(number)s, %(stage)s")
            % {"number": case.number, "stage": case.get_stage_display()},
            note=about or _("Somebody has to be given the role of this stage."),
            due=case.due_on,
            act=_("Grant a role") if grants else _("See why"),
            url=reverse("admin:kernel_rolegrant_changelist") if grants else case.get_absolute_url(),
            provisional=case.due_provisional,
        )


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
        decided=list(done.filter(action__in=DECISIONS)[:SHOWN]),
        refused=list(rows.filter(outcome=Outcome.REFUSED)[:SHOWN]),
        weighty=list(done.filter(action__in=WEIGHTY)[:SHOWN]),
    )
