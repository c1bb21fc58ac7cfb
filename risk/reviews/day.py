from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
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
from risk.reviews.selectors import inbox, stuck_scope
from risk.reviews.selectors.nudged import reminders_now


def read(cases: QuerySet[ReviewCase], *more: str) -> QuerySet[ReviewCase]:
    """`cases` with no more of them than their lines say: `more` besides what every line says."""
    names = ("number", "stage", "due_on", "due_provisional", "waiting_for", "project__client__name")
    shown = cases.select_related(None).select_related("project__client")
    return shown.only(*names, "project__name", *more)


def reviews(person: Person) -> Iterable[Line]:
    """Cases that wait for this person's decision."""
    for case in read(inbox(viewer=person), "project__amount")[:MOST]:
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


def watched(person: Person) -> Iterable[Line]:
    """For the head of a department its cases whose clock has run out at somebody's desk; for the head, for who grants
    roles and for the auditor the open cases that nobody can decide. One query.
    """
    late = Q(due_on__lt=clock.today()) & ~Q(waiting_for=[]) & of_department(person, "project__client__")
    rows = ReviewCase.objects.filter(late | stuck_scope(person), status=CaseStatus.OPEN).order_by("due_on", "id")
    nudged = Exists(reminders_now().filter(object_id=Cast(OuterRef("pk"), CharField())))
    for case in read(rows).annotate(is_nudged=nudged)[:MOST]:
        yield _late(case) if case.waiting_for else _stuck(case, grants=person.has_role(Role.SECURITY_ADMIN))


def _late(case: Any) -> Line:
    return Line(
        kind="review",
        icon="clock-exclamation",
        title=_("%(stage)s is overdue: %(project)s")
        % {"stage": case.get_stage_display(), "project": case.project.name},
        note=_("%(number)s · waiting for %(who)s") % {"number": case.number, "who": listed(case.waiting_for)},
        due=case.due_on,
        act=_("Open") if case.is_nudged else _("Send a reminder…"),
        url=case.get_absolute_url(),
        act_url=f"{case.get_absolute_url()}#decide",
        provisional=case.due_provisional,
        done=_("reminder sent") if case.is_nudged else "",
    )


def _stuck(case: ReviewCase, *, grants: bool) -> Line:
    # Who grants roles learns which stage lacks people, not whose project it is.
    about = "" if grants else f"{case.project.name} · {case.project.client.name}"
    return Line(
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
register(watched, order=60)
