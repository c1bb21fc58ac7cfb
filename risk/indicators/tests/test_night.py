"""The night: judges once, writes what changed, goes on where it was killed, and forgets nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from clients.file.models import Client
from clients.file.services import client_reassign
from clients.relations.services import contact_plans_update, interaction_record
from clients.standing.models import Standing, StandingFact
from crm.kernel.access.errors import NotPermitted, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.workdays import official_calendar
from risk.indicators import catalogue
from risk.indicators.models import NightRun, WarningEpisode, WarningObservation
from risk.indicators.selectors.explain import explain
from risk.indicators.services import dates_refresh, risk_review, standing_rebuild, warning_close, warning_respond
from risk.indicators.services import night as nights
from risk.indicators.tests.factories import bare_clients, night

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
FIRST, LATE = DAY - timedelta(days=200), DAY - timedelta(days=400)


@pytest.fixture(autouse=True)
def at_noon(db):
    with clock.at(DAY):
        yield


def on(day: date, **more) -> NightRun:
    with clock.at(day):
        return night(day, **more)


def everything() -> list[tuple[object, ...]]:
    """All that a night writes about clients, without numbers and moments."""
    fields = ("client_id", "indicator", "level", "value", "evidence", "due_on", "owner_id", "recovered_on")
    warnings = [*WarningEpisode.objects.order_by("client_id", "indicator", "pk").values_list(*fields, "escalated_on")]
    seen = ("warning__client_id", "warning__indicator", "kind", "on", "level", "former_level")
    noted = [*WarningObservation.objects.order_by("warning__client_id", "warning__indicator", "pk").values_list(*seen)]
    told = [*Standing.objects.order_by("client_id").values_list("client_id", "open_ambers", "open_reds")]
    facts = [*StandingFact.objects.order_by("client_id", "key").values_list("client_id", "key", "value", "as_of")]
    events = [
        *AuditEvent.objects.filter(action__startswith="warning.")
        .order_by("action", "subject_name")
        .values_list("action", "subject_name", "before")
    ]
    return [*warnings, *noted, *told, *facts, *events]


def test_a_night_opens_one_warning_per_client_and_indicator_with_owner_deadline_evidence_and_event(owner):
    bad, worse, good = (
        *bare_clients(owner, 1, confirmed_on=FIRST),
        *bare_clients(owner, 1, start=200_000, confirmed_on=LATE),
        *bare_clients(owner, 1, start=300_000),
    )
    run = night(DAY)
    assert (run.state, run.clients, run.counts) == ("done", 3, {"opened": 2})
    amber, red = WarningEpisode.objects.order_by("level")
    assert (amber.client_id, amber.level, amber.value) == (bad.pk, "amber", Decimal(200))
    assert amber.evidence == {"since": FIRST.isoformat(), "source": "confirmed"}
    assert (amber.owner_id, amber.due_on, amber.opened_on) == (owner.pk, date(2026, 12, 1), DAY)
    assert amber.rules == [{"code": "indicator.file_confirmation", "version": 1, "effective_from": "2020-01-01"}]
    assert (red.client_id, red.level) == (worse.pk, "red")
    event = AuditEvent.objects.get(action="warning.opened", subject_id=str(red.pk))
    assert event.after["level"] == "red" and event.data["client"] == worse.pk and event.person_name == "system"
    told = AuditEvent.objects.get(action="risk_night.done")
    assert told.data["counts"] == {"opened": 2} and told.data["rules"]
    standing = {row.client_id: (row.open_ambers, row.open_reds) for row in Standing.objects.all()}
    assert standing == {bad.pk: (1, 0), worse.pk: (0, 1), good.pk: (0, 0)}


def test_a_silent_client_is_amber_after_60_days_red_after_120_until_an_interaction_is_recorded(owner):
    (client,) = bare_clients(owner, 1, created_at=clock.now())
    levels = {}
    for days in (60, 61, 120, 121):
        with clock.at(DAY + timedelta(days=days)):
            contact_plans_update(by=SYSTEM)
            night()
            found = WarningEpisode.objects.filter(client=client, indicator="no_contact").first()
            levels[days] = found and (found.level, found.value, found.owner)
    assert levels[60] is None
    assert levels[61] == ("amber", 61, owner) and levels[120][0] == "amber"
    assert levels[121][0] == "red"
    with clock.at(DAY + timedelta(days=122)):
        asked = Todo.objects.filter(kind="risk.warning_answer", done_at=None, object_id=str(found.pk))
        assert asked.count() == 1
        interaction_record(client=client, kind="visit", words="走访厂区，设备已到货。", by=owner)
        night()
        found.refresh_from_db()
        assert found.recovered_on == clock.today() and not asked.exists()
        told = explain(found, viewer=owner)
        assert [row[1] for row in told.inputs] == [DAY.isoformat()] and "121" in told.sentence


def test_a_run_that_began_before_an_indicator_was_installed_is_begun_anew(owner):
    rules = {code: given for code, given in catalogue.in_force(DAY).items() if code != "indicator.no_contact"}
    old = NightRun.objects.create(as_of=DAY, last_client=0, rules=rules)
    run = night(DAY)
    old.refresh_from_db()
    assert (old.state, run.state) == ("abandoned", "done") and "indicator.no_contact" in run.rules


def test_a_second_run_of_the_same_day_changes_nothing(owner):
    bare_clients(owner, 5, confirmed_on=FIRST)
    night(DAY)
    before = everything()
    assert night(DAY).counts == {}
    assert everything() == before


def test_the_next_night_neither_doubles_nor_forgets(owner):
    bare_clients(owner, 3, confirmed_on=FIRST)
    night(DAY)
    run = on(DAY + timedelta(days=1))
    assert run.counts == {}
    assert WarningEpisode.objects.filter(closed_on__isnull=True).count() == 3


def test_an_interrupted_run_that_goes_on_equals_an_uninterrupted_one(owner):
    bare_clients(owner, 4, confirmed_on=FIRST)
    bare_clients(owner, 3, start=200_000, confirmed_on=LATE)
    bare_clients(owner, 4, start=300_000)
    with transaction.atomic():
        night(DAY, chunk=100)
        whole = everything()
        transaction.set_rollback(True)

    class Killed(Exception):
        pass

    def kill(run: NightRun) -> None:
        if run.clients >= 6:
            raise Killed

    with pytest.raises(Killed):
        night(DAY, chunk=3, progress=kill)
    half = NightRun.objects.get()
    assert half.state == "running" and 0 < half.clients < 11
    run = night(DAY, chunk=3)
    assert (run.pk, run.clients, run.counts) == (half.pk, 11, {"opened": 7})
    assert everything() == whole


def test_a_chunk_and_its_cursor_live_or_die_together(owner, monkeypatch):
    bare_clients(owner, 4, confirmed_on=FIRST)
    real = nights.standing_record_many

    def dies(**given):
        real(**given)
        raise RuntimeError("killed")

    monkeypatch.setattr(nights, "standing_record_many", dies)
    with pytest.raises(RuntimeError):
        night(DAY, chunk=2)
    assert NightRun.objects.get().cursor == 0 and not WarningEpisode.objects.exists()
    assert not AuditEvent.objects.filter(action="warning.opened").exists()
    monkeypatch.undo()
    assert night(DAY, chunk=2).counts == {"opened": 4}


def test_a_run_of_an_earlier_day_that_never_ended_is_given_up(owner):
    bare_clients(owner, 4, confirmed_on=FIRST)

    def kill(run: NightRun) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        night(DAY, chunk=2, progress=kill)
    run = on(DAY + timedelta(days=1))
    assert run.counts == {"opened": 2}
    assert list(NightRun.objects.order_by("pk").values_list("state", flat=True)) == ["abandoned", "done"]
    assert WarningEpisode.objects.count() == 4


def test_a_night_in_which_one_of_a_hundred_changed_writes_about_one_of_a_hundred(owner):
    clients = bare_clients(owner, 200, confirmed_on=FIRST)
    night(DAY)
    rows = {
        "warnings": WarningObservation.objects.count(),
        "events": AuditEvent.objects.filter(action__startswith="warning.").count(),
        "facts": StandingFact.objects.count(),
    }
    Client.objects.filter(pk__in=[clients[0].pk, clients[1].pk]).update(confirmed_on=DAY)
    run = on(DAY + timedelta(days=1))
    assert run.counts == {"recovered": 2}
    assert WarningObservation.objects.count() == rows["warnings"] + 2
    assert AuditEvent.objects.filter(action__startswith="warning.").count() == rows["events"] + 2
    # A warning that is back to normal is open until a second person closes it: standing says so too.
    assert StandingFact.objects.count() == rows["facts"]
    assert WarningEpisode.objects.filter(judged_on=DAY + timedelta(days=1)).count() == 2


def test_a_warning_that_gets_worse_asks_for_a_new_answer_and_keeps_the_former_in_its_history(owner):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    warning = WarningEpisode.objects.get()
    warning_respond(warning=warning, response="已约客户下周核实。", expected_version=1, by=owner)
    later = FIRST + timedelta(days=365)
    run = on(later)
    assert run.counts == {"raised": 1}
    warning.refresh_from_db()
    assert (warning.level, warning.responded_by_id, warning.response) == ("red", None, "")
    assert warning.due_on > later
    assert "已约客户下周核实。" in set(warning.observations.values_list("note", flat=True))
    standing = Standing.objects.get(client=client)
    assert (standing.open_ambers, standing.open_reds) == (0, 1)
    facts = [*StandingFact.objects.order_by("pk").values_list("key", "value")]
    assert facts == [("open_ambers", "1"), ("open_ambers", "0"), ("open_reds", "1")]


def test_past_its_deadline_an_unanswered_warning_goes_to_the_head_once(owner, head):
    bare_clients(owner, 2, confirmed_on=FIRST)
    night(DAY)
    answered, late = WarningEpisode.objects.order_by("pk")
    warning_respond(warning=answered, response="已约客户核实。", expected_version=1, by=owner)
    assert on(late.due_on).counts == {}
    run = on(late.due_on + timedelta(days=1))
    assert run.counts == {"escalated": 1}
    late.refresh_from_db()
    assert (late.escalated_to_id, late.escalated_on) == (head.pk, run.as_of)
    assert on(run.as_of + timedelta(days=1)).counts == {}


def test_a_head_who_keeps_the_client_is_not_escalated_to(head):
    bare_clients(head, 1, confirmed_on=FIRST)
    night(DAY)
    on(DAY + timedelta(days=20))
    warning = WarningEpisode.objects.get()
    assert warning.escalated_on is not None and warning.escalated_to is None


def test_a_hand_over_takes_the_open_warning_along(owner, colleague, head):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    client_reassign(client=client, owner=colleague, expected_version=1, by=head)
    run = on(DAY + timedelta(days=1))
    assert run.counts == {"handed_over": 1}
    assert WarningEpisode.objects.get().owner_id == colleague.pk


def todos_of(kind: str) -> list[tuple[str, date]]:
    rows = Todo.objects.filter(kind=f"risk.warning_{kind}", done_at__isnull=True)
    return [(row.owner.name, row.due_on) for row in rows.select_related("owner").order_by("pk")]


def test_a_hand_over_in_the_night_of_another_change_takes_the_to_do_along(owner, colleague, head):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    due_on = WarningEpisode.objects.get().due_on
    client_reassign(client=client, owner=colleague, expected_version=1, by=head)
    Client.objects.filter(pk=client.pk).update(confirmed_on=FIRST - timedelta(days=1))
    assert on(DAY + timedelta(days=1)).counts == {"changed": 1}
    assert todos_of("answer") == [(colleague.name, due_on)]


def test_what_is_bad_again_asks_nobody_to_close_before_it_is_answered_again(owner, head):
    bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    warning_respond(warning=WarningEpisode.objects.get(), response="已约客户核实。", expected_version=1, by=owner)
    assert [name for name, _due in todos_of("close")] == [head.name]
    assert on(FIRST + timedelta(days=365)).counts == {"raised": 1}
    assert todos_of("close") == []
    assert [name for name, _due in todos_of("answer")] == [owner.name]


def test_what_is_back_to_normal_without_an_answer_is_somebodys_to_close(owner, head):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    Client.objects.filter(pk=client.pk).update(confirmed_on=DAY)
    assert on(DAY + timedelta(days=1)).counts == {"recovered": 1}
    assert todos_of("answer") == []
    assert [name for name, _due in todos_of("close")] == [head.name]
    warning_close(warning=WarningEpisode.objects.get(), closing="已恢复正常。", expected_version=2, by=head)
    assert todos_of("close") == []
    assert Standing.objects.get(client=client).open_ambers == 0


def test_a_hand_over_to_the_head_gives_the_closing_to_whoever_may_and_leaves_its_day(owner, head, risk_assessor):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    warning_respond(warning=WarningEpisode.objects.get(), response="已约客户核实。", expected_version=1, by=owner)
    [(_name, due_on)] = todos_of("close")
    client_reassign(client=client, owner=head, expected_version=1, by=head)
    assert on(DAY + timedelta(days=1)).counts == {"handed_over": 1}
    assert todos_of("close") == [(risk_assessor.name, due_on)]
    warning = WarningEpisode.objects.get()
    assert warning in WarningEpisode.objects.visible_to(risk_assessor, "close")


def test_what_is_closed_while_bad_stays_quiet_until_the_facts_the_level_or_the_quiet_days_say_otherwise(owner, head):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    warning = WarningEpisode.objects.get()
    warning_respond(warning=warning, response="客户年审中，月底核实。", expected_version=1, by=owner)
    warning_close(warning=warning, closing="同意月底核实。", expected_version=2, by=head)
    assert on(DAY + timedelta(days=29)).counts == {}
    with transaction.atomic():
        Client.objects.filter(pk=client.pk).update(confirmed_on=FIRST - timedelta(days=1))
        assert on(DAY + timedelta(days=29)).counts == {"opened": 1}
        transaction.set_rollback(True)
    assert on(DAY + timedelta(days=30)).counts == {"opened": 1}
    assert WarningEpisode.objects.count() == 2


def test_a_night_made_good_after_a_closing_leaves_the_count_of_what_is_open(owner, head):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY - timedelta(days=2))
    warning = WarningEpisode.objects.get()
    warning_respond(warning=warning, response="已约客户核实。", expected_version=1, by=owner)
    warning_close(warning=warning, closing="同意处理意见。", expected_version=2, by=head)
    Client.objects.filter(pk=client.pk).update(confirmed_on=FIRST - timedelta(days=1))
    assert night(DAY - timedelta(days=1)).counts == {"opened": 1}
    told = Standing.objects.get(client=client)
    assert (told.open_ambers, told.warnings_as_of) == (1, DAY)
    assert standing_rebuild(write=False, by=SYSTEM) == {"warnings": 0, "grades": 0}


def test_a_day_to_come_and_a_day_before_the_last_run_are_refused(owner):
    with pytest.raises(RuleRefused):
        night(DAY + timedelta(days=1))
    night(DAY)
    with pytest.raises(RuleRefused):
        night(DAY - timedelta(days=1))


def test_people_do_not_run_the_night(owner):
    with pytest.raises(NotPermitted):
        risk_review(as_of=DAY, by=owner)
    with pytest.raises(NotPermitted):
        standing_rebuild(by=owner)


def test_a_run_that_goes_on_judges_by_the_rules_it_began_with(owner):
    bare_clients(owner, 4, confirmed_on=FIRST)

    def kill(run: NightRun) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        night(DAY, chunk=2, progress=kill)
    run = NightRun.objects.get()
    run.rules["indicator.file_confirmation"]["value"]["amber"] = "201"
    run.save()
    assert night(DAY, chunk=2).counts == {"opened": 2}


def test_the_command_says_day_clients_seconds_and_counts(owner, capsys):
    bare_clients(owner, 2, confirmed_on=FIRST)
    call_command("run_risk_review", "--as-of", "2026-11-24")
    said = capsys.readouterr().out
    assert said.startswith("2026-11-24: 2 clients judged in ") and "opened 2" in said
    with pytest.raises(CommandError):
        call_command("run_risk_review", "--as-of", "2026-12-31")


def test_standing_counted_anew_finds_no_difference_and_mends_one(owner, head):
    bare_clients(owner, 3, confirmed_on=FIRST)
    night(DAY)
    warning = WarningEpisode.objects.earliest("pk")
    warning_respond(warning=warning, response="已约客户核实。", expected_version=1, by=owner)
    warning_close(warning=warning, closing="同意处理意见。", expected_version=2, by=head)
    assert standing_rebuild(write=False, by=SYSTEM) == {"warnings": 0, "grades": 0}
    Standing.objects.filter(client=warning.client_id).update(open_reds=4)
    with pytest.raises(CommandError):
        call_command("standing_rebuild", "--check")
    call_command("standing_rebuild")
    assert standing_rebuild(write=False, by=SYSTEM) == {"warnings": 0, "grades": 0}


def test_what_was_back_to_normal_on_its_day_and_is_bad_again_has_another_day_and_is_not_late(owner):
    (client,) = bare_clients(owner, 1, confirmed_on=FIRST)
    night(DAY)
    former = WarningEpisode.objects.get().due_on
    Client.objects.filter(pk=client.pk).update(confirmed_on=DAY)
    assert on(former - timedelta(days=1)).counts == {"recovered": 1}
    Client.objects.filter(pk=client.pk).update(confirmed_on=FIRST)
    later = former + timedelta(days=30)
    assert on(later).counts == {"relapsed": 1}
    warning = WarningEpisode.objects.get()
    assert (warning.due_on > later, warning.escalated_on) == (True, None)
    assert not WarningObservation.objects.exclude(deadline="").exists()


def test_a_deadline_is_kept_or_missed_once_by_who_had_it_until_then(owner, colleague):
    bare_clients(owner, 3, confirmed_on=FIRST)
    night(DAY)
    kept, late, found_late = WarningEpisode.objects.order_by("pk")
    warning_respond(warning=kept, response="已约客户核实。", expected_version=1, by=owner)
    past = kept.due_on + timedelta(days=1)
    with clock.at(past):
        warning_respond(warning=late, response="已约客户核实。", expected_version=1, by=owner)
        Client.objects.filter(pk=found_late.client_id).update(owner=colleague)
        night(past)
    found_late.refresh_from_db()
    assert found_late.owner == colleague
    with clock.at(past + timedelta(days=1)):
        answer = {"response": "已约客户核实。", "expected_version": found_late.version}
        warning_respond(warning=found_late, by=colleague, **answer)
        night(past + timedelta(days=1))
    decided = WarningObservation.objects.exclude(deadline="").order_by("warning")
    assert [*decided.values_list("warning", "kind", "deadline", "owner", "due_on")] == [
        (kept.pk, "responded", "kept", owner.pk, kept.due_on),
        (late.pk, "responded", "missed", owner.pk, kept.due_on),
        (found_late.pk, "handed_over", "missed", owner.pk, kept.due_on),
    ]


def test_once_the_official_calendar_is_there_the_deadline_its_todo_and_the_keeper_follow(owner):
    bare_clients(owner, 2, confirmed_on=FIRST)
    start = date(2026, 12, 30)
    on(start)
    waiting, answered = WarningEpisode.objects.order_by("pk")
    with clock.at(start):
        warning_respond(warning=answered, response="已约客户核实。", expected_version=1, by=owner)
    former = waiting.due_on
    assert waiting.due_provisional
    with clock.at(start + timedelta(days=1)):
        assert dates_refresh(by=SYSTEM) == 0
        official_calendar(former)
        assert dates_refresh(by=SYSTEM) == 1
        assert dates_refresh(by=SYSTEM) == 0
    waiting.refresh_from_db()
    answered.refresh_from_db()
    assert (waiting.due_on, waiting.due_provisional) == (former + timedelta(days=1), False)
    assert answered.due_on == former
    todo = Todo.objects.get(kind="risk.warning_answer", object_id=str(waiting.pk), done_at=None)
    assert todo.due_on == waiting.due_on
    assert Notice.objects.get(kind="warning.redated").recipient == owner
    last = waiting.observations.last()
    assert (last.kind, last.due_on, last.owner_id) == ("redated", waiting.due_on, owner.pk)
    assert on(former + timedelta(days=1)).counts == {}, "nobody is late by the former day"


def test_a_deadline_that_has_passed_keeps_its_day(owner):
    bare_clients(owner, 1, confirmed_on=FIRST)
    on(date(2026, 12, 30))
    former = WarningEpisode.objects.get().due_on
    with clock.at(former + timedelta(days=1)):
        official_calendar(former)
        assert dates_refresh(by=SYSTEM) == 0
    assert WarningEpisode.objects.get().due_on == former
