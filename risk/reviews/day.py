from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.selectors import inbox, stuck
from risk.reviews.selectors.nudged import nudged_now


def reviews(person: Person) -> Iterable[Line]:
    """Cases that wait for this person's decision."""
    for case in inbox(viewer=person).select_related("project__client")[:MOST]:
        yield Line(
            kind="review",
            icon="rubber-stamp",
            title=_("%(stage)s: %(project)s") % {"stage": case.get_stage_display(), "project": case.project.name},
            note=f"{case.number} · {case.project.client.name} · {numbers.money_auto(case.project.amount)}",
            due=case.due_on,
            act=_("Decide"),
            url=case.get_absolute_url(),
            provisional=case.due_provisional,
        )


def late_in_department(person: Person) -> Iterable[Line]:
    """For the head of a department: its cases whose clock has run out at somebody's desk."""
    if not person.has_role(Role.DEPARTMENT_HEAD):
        return
    rows = ReviewCase.objects.visible_to(person).filter(
        status=CaseStatus.OPEN,
        due_on__lt=clock.today(),
        project__waiting_for__len__gt=0,
        project__client__department__path__startswith=person.department_path,
    )
    found = list(rows.select_related("project__client").order_by("due_on", "id")[:MOST])
    nudged = nudged_now(found)
    for case in found:
        is_nudged = case.pk in nudged
        yield Line(
            kind="review",
            icon="clock-exclamation",
            title=_("%(stage)s is overdue: %(project)s")
            % {"stage": case.get_stage_display(), "project": case.project.name},
            note=_("%(number)s · waiting for %(who)s")
            % {"number": case.number, "who": listed(case.project.waiting_for)},
            due=case.due_on,
            act=_("Open") if is_nudged else _("Send a reminder…"),
            url=case.get_absolute_url(),
            act_url=f"{case.get_absolute_url()}#decide",
            provisional=case.due_provisional,
            done=_("reminder sent") if is_nudged else "",
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
            note=about or _("Somebody must be granted the role of this stage."),
            due=case.due_on,
            act=_("Grant a role") if grants else _("See why"),
            url=reverse("admin:kernel_rolegrant_changelist") if grants else case.get_absolute_url(),
            act_url=reverse("admin:kernel_rolegrant_add") if grants else reverse("risk:review_people", args=[case.pk]),
            provisional=case.due_provisional,
            is_reading=not grants,
        )


register(reviews, order=10)
register(late_in_department, order=60)
register(stuck_cases, order=70)
