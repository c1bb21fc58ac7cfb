"""Between two nights: warnings and what they ask follow their client; nothing waits for who is gone."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.file.models import Client
from clients.file.services import client_reassign
from crm.kernel.access.errors import NotPermitted
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.declarations.schedule import WORK
from crm.kernel.people.models import Account, Person
from crm.kernel.people.services import person_deactivate
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from risk.indicators.models import WarningEpisode, WarningObservation
from risk.indicators.selectors import waiting_for
from risk.indicators.services import keepers_follow, warning_respond
from risk.indicators.tasks import follow_keepers
from risk.indicators.tests.factories import bare_clients, night

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
FIRST = DAY - timedelta(days=200)
TEXT = "已约客户核实。"


@pytest.fixture(autouse=True)
def at_noon(db):
    with clock.at(DAY):
        yield


def warned(owner: Person) -> WarningEpisode:
    bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    return WarningEpisode.objects.get()


def hand_over(warning: WarningEpisode, to: Person, head: Person) -> None:
    client = Client.objects.get(pk=warning.client_id)
    client_reassign(client=client, owner=to, expected_version=client.version, by=head)


def asked(kind: str = "answer") -> list[Person]:
    return [todo.owner for todo in Todo.objects.filter(kind=f"risk.warning_{kind}", done_at=None).order_by("pk")]


def test_a_hand_over_takes_the_open_warning_and_its_to_do_along_within_the_hour(owner, colleague, head):
    warning = warned(owner)
    hand_over(warning, colleague, head)
    assert list(waiting_for(viewer=colleague)) == [warning], "seen at once"
    assert follow_keepers() == 1
    after = WarningEpisode.objects.get()
    assert (after.owner, after.due_on, after.version) == (colleague, warning.due_on, warning.version + 1)
    last = after.observations.last()
    assert (last.kind, last.owner, last.deadline, last.run_id) == ("handed_over", colleague, "", None)
    event = AuditEvent.objects.get(action="warning.handed_over")
    assert (event.subject_id, event.after["owner"]) == (str(warning.pk), colleague.pk)
    assert asked() == [colleague]
    assert follow_keepers() == 0
    with clock.at(DAY + timedelta(days=1)):
        assert night().counts == {}
    poked = next(work for work in WORK.values() if work.task == "risk.indicators.tasks.follow_keepers")
    assert isinstance(poked.when, float)
    assert poked.when <= 3600


def test_a_hand_over_to_who_had_to_close_gives_the_closing_to_another(owner, head, risk_assessor):
    warning = warned(owner)
    warning_respond(warning=warning, response=TEXT, expected_version=1, by=owner)
    assert asked("close") == [head]
    hand_over(warning, head, head)
    assert keepers_follow(by=SYSTEM) == 1
    assert asked("close") == [risk_assessor]


def test_an_answer_after_a_hand_over_counts_for_who_keeps_the_client_now(owner, colleague, head):
    warning = warned(owner)
    hand_over(warning, colleague, head)
    warning_respond(warning=warning, response=TEXT, expected_version=1, by=colleague)
    decided = WarningObservation.objects.exclude(deadline="")
    assert [*decided.values_list("kind", "deadline", "owner")] == [("responded", "kept", colleague.pk)]
    assert [seen.kind for seen in warning.observations.all()] == ["opened", "handed_over", "responded"]
    assert WarningEpisode.objects.get().owner == colleague
    assert AuditEvent.objects.filter(action="warning.handed_over").count() == 1


def test_a_deadline_that_passed_before_the_hand_over_stays_missed_by_who_had_it(owner, colleague, head):
    warning = warned(owner)
    with clock.at(warning.due_on + timedelta(days=1)):
        hand_over(warning, colleague, head)
        assert keepers_follow(by=SYSTEM) == 1
        assert asked() == [colleague]
        assert WarningEpisode.objects.get().owner == owner, "left to the night, which finds it missed"
        warning_respond(warning=warning, response=TEXT, expected_version=1, by=colleague)
        assert night().counts == {}
    decided = WarningObservation.objects.exclude(deadline="")
    assert [*decided.values_list("kind", "deadline", "owner")] == [("handed_over", "missed", owner.pk)]
    assert WarningEpisode.objects.get().owner == colleague


@pytest.mark.parametrize("how", ["left", "shut_out"])
def test_what_waits_for_who_is_gone_waits_for_the_head_until_somebody_keeps_the_client(owner, colleague, head, how):
    warning = warned(owner)
    if how == "left":
        person_deactivate(person=owner, reason="离职", expected_version=owner.version, by=SYSTEM)
    else:
        Account.objects.filter(person=owner).update(is_active=False)
    assert keepers_follow(by=SYSTEM) == 1
    assert asked() == [head]
    assert WarningEpisode.objects.get().owner == owner
    assert keepers_follow(by=SYSTEM) == 0
    hand_over(warning, colleague, head)
    assert keepers_follow(by=SYSTEM) == 1
    assert asked() == [colleague]


def test_where_no_head_stands_above_it_waits_for_the_keeper(head):
    bare_clients(head, 1, confirmed_on=FIRST)
    night(DAY)
    Account.objects.filter(person=head).update(is_active=False)
    assert keepers_follow(by=SYSTEM) == 0
    assert asked() == [head]


def test_people_do_not_make_warnings_follow(owner):
    with pytest.raises(NotPermitted):
        keepers_follow(by=owner)


def test_the_number_of_queries_does_not_depend_on_the_number_of_warnings(owner, colleague, head):
    counts = []
    for number in (3, 30):
        clients = bare_clients(owner, number, start=200_000 + 1_000 * number, confirmed_on=FIRST)
        night(DAY)
        Client.objects.filter(pk__in=[client.pk for client in clients]).update(owner=colleague)
        with CaptureQueriesContext(connection) as seen:
            assert keepers_follow(by=SYSTEM) == number
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert WarningObservation.objects.filter(kind="handed_over").count() == 33
