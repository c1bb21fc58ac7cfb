"""A request that only reads keeps what its scope rests on: it finds the rows that asking anew would find."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from clients.file.models import ClientGrant
from crm.kernel.access.grants import set_grants
from crm.kernel.access.kept import MOST_KEYS, Kept, read_kept
from crm.kernel.access.policies import registered_models
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import CAST, cast_member, make_account, make_person
from projects.deals.models import Project, ProjectGrant
from risk.reviews import selectors
from risk.reviews.tests.factories import decide, make_client, make_project, submit

pytestmark = pytest.mark.django_db
ACTIONS = (
    "view",
    "change",
    "correct",
    "reassign",
    "share",
    "reveal",
    "submit",
    "withdraw",
    "respond",
    "close",
    "confirm",
)


def asked(person: Person, *, kept: bool) -> Person:
    """The person as a request finds them, with or without what it keeps."""
    account = account_with_rights(pk=person.accounts.order_by("pk")[0].pk)
    assert account is not None
    account.person.kept = account.person.scope_read if kept else None
    return account.person


def keys(rows: QuerySet[Project]) -> list[object]:
    return sorted(rows.order_by().values_list("pk", flat=True).distinct(), key=str)


@pytest.fixture
def world(db: None) -> None:
    """Clients of three owners, granted, co-managed, lapsed and outlived, with cases at several stages."""
    for part in CAST:
        cast_member(part)
    owner, colleague, stranger = (cast_member(part) for part in ("owner", "colleague", "stranger"))
    make_account(stranger)
    cases = [submit(make_project(make_client(person))) for person in (owner, owner, colleague, stranger)]
    decide(cases[1], cast_member("initial_reviewer"))
    decide(cases[2], cast_member("initial_reviewer"), "return")
    clients = [case.project.client for case in cases]
    past, to_come = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    for client, action, person, source, until in (
        (clients[0], "change", colleague, "co_manager", None),
        (clients[0], "change", cast_member("head"), "co_manager", None),
        (clients[1], "change", stranger, "co_manager", past),
        (clients[2], "view", stranger, "helper", to_come),
        (clients[3], "view", owner, "review:SC-OLD", None),
        (clients[3], "change", cast_member("risk_assessor"), "co_manager", None),
    ):
        set_grants(
            ClientGrant,
            client,
            action=action,
            person_ids=[person.pk],
            source=source,
            reason="x",
            valid_until=until,
            by=SYSTEM,
        )
    set_grants(
        ProjectGrant, cases[3].project, action="view", person_ids=[colleague.pk], source="a", reason="x", by=SYSTEM
    )


def test_what_a_request_keeps_answers_as_asking_anew(world: None) -> None:
    compared = found = 0
    for part in CAST:
        person = cast_member(part)
        kept, anew = asked(person, kept=True), asked(person, kept=False)
        assert kept.kept is not None and anew.kept is None
        for model in registered_models():
            if not hasattr(model._default_manager, "visible_to"):
                continue
            for action in ACTIONS:
                rows = [keys(model._default_manager.visible_to(one, action)) for one in (kept, anew)]
                assert rows[0] == rows[1], f"{part} {action} {model._meta.label}"
                compared, found = compared + 1, found + len(rows[0])
        assert keys(selectors.inbox(viewer=kept)) == keys(selectors.inbox(viewer=anew)), part
    assert compared > 5_000 and found > 500
    assert Todo.objects.exists()


def test_who_holds_more_grants_than_are_kept_is_asked_about_anew(world: None) -> None:
    person = asked(cast_member("colleague"), kept=True)
    grants = [["clients_clientgrant", "view_client", "review", list(range(MOST_KEYS + 1))]]
    crowded = read_kept(grants, [])
    assert crowded.crowded == {"clients_clientgrant"} and crowded.grants == {}
    rows = keys(Project.objects.visible_to(person))
    person.kept = Kept(person.scope_read.grants, frozenset({"clients_clientgrant", "projects_projectgrant"}))
    assert keys(Project.objects.visible_to(person)) == rows != []


def test_a_newcomer_keeps_a_department_and_no_grants(world: None) -> None:
    newcomer = make_person("新人", "account_manager")
    kept = asked(newcomer, kept=True).kept
    assert kept is not None and kept.grants == {} and newcomer.department_id in kept.departments
