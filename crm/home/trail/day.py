from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.home.health import ANCHOR_LIMIT
from crm.home.trail.policies import READERS
from crm.kernel.audit.anchors import check_anchors
from crm.kernel.audit.checking import standing_alarm
from crm.kernel.audit.selectors import anchor_age
from crm.kernel.declarations.day import Line, register
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock


def _trail(title: str, note: str) -> Line:
    return Line(
        kind="audit",
        icon="shield-check",
        title=title,
        note=note,
        due=clock.today(),
        act=_("View the audit trail"),
        url=reverse("home:audit_list"),
        is_reading=True,
    )


def _minutes(age: timedelta) -> int:
    return int(age.total_seconds() // 60)


def late_anchors(person: Person) -> Iterable[Line]:
    """For auditors: what was written is not anchored (nor sealed, if the sealer stands), or no anchor can be read."""
    if not person.roles & READERS:
        return
    if alarm := standing_alarm():
        yield _trail(
            _("Records no longer match the audit trail"),
            _("Found: %(finding)s. Have the operator run verify_audit; the alarm ends when it finds nothing.")
            % {"finding": alarm.data.get("first", "")},
        )
    try:
        wrong = check_anchors()
        age = anchor_age()
    except OSError:
        yield _trail(
            _("The anchors of the audit trail cannot be read"), _("Ask the operator to check the anchor folder.")
        )
        return
    if wrong:
        yield _trail(
            _("The audit trail contradicts its anchors"),
            _("Found: %(finding)s. Have the operator run verify_audit.") % {"finding": wrong},
        )
    if age is not None and age > ANCHOR_LIMIT:
        yield _trail(
            _("The audit trail is not being anchored"),
            _("The oldest row not covered by an anchor is %(minutes)s minutes old; the limit is %(limit)s minutes.")
            % {"minutes": _minutes(age), "limit": _minutes(ANCHOR_LIMIT)},
        )


register(late_anchors, order=90)
