"""Promises of `transition`: one order of refusals, nothing written by a refusal, one winner of two."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from clients.file import services as client_services
from crm.kernel.access.errors import Conflict, DomainError, NotPermitted, NotVisible, PreconditionRequired, Stale
from crm.kernel.access.tests.test_permit import wait_until_blocked
from crm.kernel.access.workflow import Check, Move, Workflow, transition
from crm.kernel.audit.models import AuditEvent
from projects.deals import services
from projects.deals.models import Project
from projects.deals.tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def refuse_state(project: Project, move: Move) -> Conflict:
    return Conflict(f"{move.code} is not possible: {project.status}", code="wrong_state")


END = Move("withdraw", (Project.Status.DRAFT,), Project.Status.WITHDRAWN, audit="project.withdrawn")
FLOW = Workflow(model=Project, moves=(END,), refuse_state=refuse_state)


def withdraw(project, person, version, flow=FLOW):
    with transaction.atomic():
        held = transition(flow, "withdraw", project, by=person, expected_version=version)
        held.write()
        held.record(data={"case": ""})
        return held.row


def test_a_move_sets_the_state_grows_the_version_and_leaves_one_event(owner):
    project = ProjectFactory()
    before = project.version
    moved = withdraw(project, owner, before)
    moved.refresh_from_db()
    assert (moved.status, moved.version) == (Project.Status.WITHDRAWN, before + 1)
    assert AuditEvent.objects.filter(action="project.withdrawn", subject_id=str(project.pk)).count() == 1


@pytest.mark.parametrize(
    ("part", "version", "refusal"),
    [
        ("stranger", None, NotVisible),
        ("auditor", None, NotPermitted),
        ("owner", None, PreconditionRequired),
        ("owner", 99, Stale),
        ("owner", 1, Conflict),
    ],
)
def test_refusals_come_in_one_order_and_change_nothing(part, version, refusal, owner, request):
    """Each person here would be refused by every later question as well: the first one answers."""
    person, project = request.getfixturevalue(part), withdraw(ProjectFactory(), owner, 1)
    Project.objects.filter(pk=project.pk).update(version=1)
    stored, events = Project.objects.values().get(pk=project.pk), AuditEvent.objects.count()
    with pytest.raises(DomainError) as refused:
        withdraw(project, person, version)
    assert type(refused.value) is refusal
    assert (Project.objects.values().get(pk=project.pk), AuditEvent.objects.count()) == (stored, events)


def test_a_workflow_may_ask_for_the_state_first(owner, auditor):
    """A closed review says so to everybody who sees it, before it asks whose move it would be."""
    project = withdraw(ProjectFactory(), owner, 1)
    flow = Workflow(model=Project, moves=(END,), refuse_state=refuse_state, checks=(Check.STATE, Check.PERMITTED))
    with pytest.raises(Conflict):
        withdraw(project, auditor, None, flow)


def test_a_guard_is_asked_by_its_name_under_the_lock(owner):
    asked = []

    def too_large(project, person):
        asked.append((project.pk, person.pk, connection.in_atomic_block))
        return Conflict("too large", code="too_large")

    move = Move("withdraw", END.sources, END.target, audit=END.audit, guards=("too_large",))
    flow = Workflow(model=Project, moves=(move,), refuse_state=refuse_state, guards={"too_large": too_large})
    project = ProjectFactory()
    with pytest.raises(Conflict) as refused:
        withdraw(project, owner, 1, flow)
    assert refused.value.code == "too_large"
    assert asked == [(project.pk, owner.pk, True)]


def test_a_row_the_caller_holds_is_judged_and_not_read_again(owner, django_assert_num_queries):
    """A review moves the project it has locked. What nobody has asked a policy about is not handed in."""
    project = ProjectFactory()
    taken = Workflow(
        model=Project, moves=(replace(END, action=""), Move("change", END.sources)), refuse_state=refuse_state
    )
    with transaction.atomic(), django_assert_num_queries(0):
        assert transition(taken, "withdraw", project, by=owner, is_locked=True).row is project
        with pytest.raises(ImproperlyConfigured):
            transition(taken, "change", project, by=owner, is_locked=True)
        project.status = Project.Status.APPROVED
        with pytest.raises(Conflict):
            transition(taken, "withdraw", project, by=owner, is_locked=True)


def test_a_table_that_names_an_unknown_guard_or_a_move_twice_does_not_start():
    with pytest.raises(ImproperlyConfigured):
        Workflow(model=Project, moves=(END, END), refuse_state=refuse_state)
    with pytest.raises(ImproperlyConfigured):
        Workflow(model=Project, moves=(Move("end", (), guards=("unknown",)),), refuse_state=refuse_state)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_one_moment_one_wins_and_the_other_hears_that_it_moved_on(owner, colleague):
    project = ProjectFactory()
    client_services.co_manager_add(client=project.client, person=colleague, by=owner)

    def second() -> str:
        try:
            services.project_update(project=project, expected_version=1, by=colleague, name="后到的名称")
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            withdraw(project, owner, 1)
            answer = pool.submit(second)
            wait_until_blocked()
        assert answer.result(timeout=30) == "stale"
    assert AuditEvent.objects.filter(action="project.updated").count() == 0
