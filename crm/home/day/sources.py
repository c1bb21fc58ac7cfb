"""Where the lines of my day come from: one function a kind, each at most one query, and what veils to-dos."""

from collections.abc import Callable, Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.file.models import Client, ClientType
from crm.home.day.kpi import proposed_schemes, quarter_to_close
from crm.home.day.line import MOST, Line
from crm.home.day.watch import late_anchors, stuck_cases
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from crm.kernel.worklist.kinds import kind_of
from crm.kernel.worklist.selectors import todo_list, veil
from projects.deals.models import Investigator, Project
from risk.ratings.models import Rating
from risk.ratings.selectors import renewals_due
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.selectors import inbox


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


def returned_deals(person: Person) -> Iterable[Line]:
    """Deals that a reviewer sent back, for their assistant investigator. Who keeps the client has a to-do of each."""
    if not person.has_role(Role.ASSISTANT_INVESTIGATOR):
        return
    seats = Investigator.objects.filter(person=person, part=Investigator.Part.ASSISTANT).values("project")
    rows = Project.objects.visible_to(person).filter(pk__in=seats, status=Project.Status.RETURNED)
    rows = rows.exclude(client__owner=person)
    for project in rows.select_related("client").order_by("due_on", "id")[:MOST]:
        yield Line(
            kind="project",
            icon="corner-up-left",
            title=_("Complete as returned: %(project)s") % {"project": project.name},
            note=project.client.name,
            due=project.due_on,
            act=_("Complete"),
            url=project.get_absolute_url(),
        )


def grades_to_confirm(person: Person) -> Iterable[Line]:
    """Grades another assessor entered."""
    if not person.has_role(Role.RISK_ASSESSOR):
        return
    rows = Rating.objects.visible_to(person, "confirm").select_related("client", "entered_by").order_by("entered_at")
    for rating in rows[:MOST]:
        yield Line(
            kind="rating",
            icon="star",
            title=_("Confirm grade %(grade)s") % {"grade": rating.grade},
            note=_("%(client)s · entered by %(person)s")
            % {"client": rating.client.name, "person": rating.entered_by.name},
            due=None,
            act=_("Check"),
            url=rating.get_absolute_url(),
        )


def expiring_grades(person: Person) -> Iterable[Line]:
    """Grades that end soon or have ended: of one's own clients, or of all for who rates them."""
    rows = renewals_due(viewer=person)
    rates = person.has_role(Role.RISK_ASSESSOR)
    if not rates:
        rows = rows.filter(owner=person)
    for client in rows[:MOST]:
        standing = client.standing
        yield Line(
            kind="rating",
            icon="star",
            title=_("Rate again (%(grade)s until %(day)s)")
            % {"grade": standing.grade, "day": numbers.date_long(standing.grade_until)},
            note=_("%(client)s · account manager %(owner)s") % {"client": client.name, "owner": client.owner.name},
            due=standing.grade_until,
            act=_("Enter a grade") if rates else _("Open client"),
            url=reverse("risk:rating_create", args=[client.pk]) if rates else client.get_absolute_url(),
        )


def unknown_facts(person: Person) -> Iterable[Line]:
    """For the data steward: clients whose industry, region or size nobody has entered."""
    if not person.has_role(Role.DATA_STEWARD):
        return
    missing = Q(industry=None) | Q(region=None) | Q(size="")
    rows = Client.objects.visible_to(person, "correct").filter(missing).exclude(client_type=ClientType.INDIVIDUAL)
    for client in rows.select_related("owner").order_by("pk")[:MOST]:
        yield Line(
            kind="client",
            icon="pencil",
            title=_("Enter industry, region or size: %(client)s") % {"client": client.name},
            note=_("account manager %(owner)s") % {"owner": client.owner.name},
            due=None,
            act=_("Complete"),
            url=reverse("clients:client_update", args=[client.pk]),
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
    for case in rows.select_related("project__client").order_by("due_on", "id")[:MOST]:
        yield Line(
            kind="review",
            icon="clock-exclamation",
            title=_("%(stage)s is late: %(project)s")
            % {"stage": case.get_stage_display(), "project": case.project.name},
            note=_("%(number)s · waiting for %(who)s")
            % {"number": case.number, "who": listed(case.project.waiting_for)},
            due=case.due_on,
            act=_("See why"),
            url=case.get_absolute_url(),
            provisional=case.due_provisional,
        )


def proposed_parameters(person: Person) -> Iterable[Line]:
    """Changes of a threshold: the second administrator's move; who proposed one sees that it still waits."""
    if person.roles.isdisjoint((Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)):
        return
    rows = ParameterVersion.objects.visible_to(person, "withdraw").select_related("parameter", "proposed_by")
    for version in rows.order_by("effective_from", "pk")[:MOST]:
        own = version.proposed_by_id == person.pk
        text = _("Waits for a second administrator: %(name)s") if own else _("Approve or refuse: %(name)s")
        yield Line(
            kind="parameter",
            icon="adjustments",
            title=text % {"name": version.parameter.name},
            note=_("proposed by %(person)s · in force from %(day)s")
            % {"person": version.proposed_by or "", "day": numbers.date_long(version.effective_from)},
            due=version.effective_from,
            act=_("Open"),
            url=reverse("admin:kernel_parameterversion_change", args=[version.pk]),
        )


def todos(person: Person) -> Iterable[Line]:
    """The work list: one's own to-dos, and those that came up to oneself because somebody is late: a share of each."""
    waiting = todo_list(viewer=person)
    shares = waiting.filter(owner=person)[:MOST], waiting.exclude(owner=person)[:MOST]
    for todo in veil(shares[0].union(shares[1], all=True), viewer=person):
        kind = kind_of(todo.kind)
        own = todo.owner_id == person.pk
        yield Line(
            kind="todo",
            icon=kind.icon if own else "clock-exclamation",
            title=todo.title,
            note="" if own else _("late at %(owner)s") % {"owner": todo.owner.name},
            due=todo.due_on,
            act=str(kind.act),
            url=todo.link,
        )


SOURCES: tuple[Callable[[Person], Iterable[Line]], ...] = (
    reviews,
    returned_deals,
    grades_to_confirm,
    expiring_grades,
    unknown_facts,
    late_in_department,
    stuck_cases,
    proposed_parameters,
    late_anchors,
    quarter_to_close,
    proposed_schemes,
    todos,
)
