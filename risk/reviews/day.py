from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.file.policies import of_department
from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.selectors import inbox, stuck


def read(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """The first of `cases`, with no more of them than their lines say."""
    names = ("number", "stage", "due_on", "due_provisional", "project__waiting_for", "project__client__name")
    shown = cases.select_related(None).select_related("project__client")
    return shown.only(*names, "project__name", "project__amount", "project__currency")[:MOST]


def reviews(person: Person) -> Iterable[Line]:
    """Cases that wait for this person's decision."""
    for case in read(inbox(viewer=person)):
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
    # Who heads the client's department sees the case.
    rows = ReviewCase.objects.filter(of_department(person, "project__client__"), status=CaseStatus.OPEN)
    rows = rows.filter(due_on__lt=clock.today()).exclude(project__waiting_for=[])
    for case in read(rows.order_by("due_on", "id")):
        yield Line(
            kind="review",
            icon="clock-exclamation",
            title=_("%(stage)s is overdue: %(project)s")
            % {"stage": case.get_stage_display(), "project": case.project.name},
            note=_("%(number)s · waiting for %(who)s")
            % {"number": case.number, "who": listed(case.project.waiting_for)},
            due=case.due_on,
            act=_("See why"),
            url=case.get_absolute_url(),
            provisional=case.due_provisional,
        )


def stuck_cases(person: Person) -> Iterable[Line]:
    """Open cases that nobody can decide: for the head of the department, for who grants roles, for the auditor."""
    grants = person.has_role(Role.SECURITY_ADMIN)
    for case in read(stuck(viewer=person).order_by("due_on", "id")):
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
            provisional=case.due_provisional,
        )


register(reviews, order=10)
register(late_in_department, order=60)
register(stuck_cases, order=70)
