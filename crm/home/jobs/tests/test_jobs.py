"""The jobs page: what ran, how it ended, how far a running one is, when it comes next."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
from celery import current_app
from django.conf import settings
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils.html import escape

from crm.home.jobs import noting
from crm.home.jobs.selectors import recent_runs
from crm.home.jobs.tasks import do_daily
from crm.kernel.declarations.schedule import WORK
from crm.kernel.outbox import runs
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.outbox.services import schedule
from crm.kernel.workdays import clock
from crm.schedule import beat_schedule
from crm.tests.support.people import browser_for
from risk.indicators import services
from risk.indicators.models import NightRun, WarningObservation

pytestmark = pytest.mark.django_db
RELAY = SimpleNamespace(name="crm.kernel.outbox.tasks.relay")
NIGHT = "review risk at night"


def at(hour, minute):
    return datetime.combine(clock.today(), time(hour, minute), clock.SHANGHAI)


def test_the_page_is_for_those_who_keep_the_house_running(system_admin, auditor, owner, head):
    pages = [browser_for(person).get("/jobs/").status_code for person in (system_admin, auditor, owner, head)]
    assert pages == [200, 200, 404, 404]


def test_every_line_of_the_table_stands_there_and_a_running_job_shows_how_far_it_is(system_admin):
    runs.begin(NIGHT, key="2026-11-24").progress(30_000, 1_000_000, opened=17)
    page = browser_for(system_admin).get("/jobs/").content.decode()
    assert [text for work in WORK.values() for text in (work.label, work.why) if escape(str(text)) not in page] == []
    assert "30000 / 1000000" in page
    assert f"{WarningObservation.Kind.OPENED.label} 17" in page


def test_a_run_that_was_killed_is_told_as_cut_off_once_no_worker_can_be_at_it_any_more(system_admin):
    runs.begin(NIGHT, key="2026-11-24")
    assert [line.state for line in recent_runs(viewer=system_admin)] == ["running"]
    JobRun.objects.update(started_at=clock.now() - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 1))
    [line] = recent_runs(viewer=system_admin)
    assert (line.state, line.seconds) == ("cut_off", None)
    assert browser_for(system_admin).get("/jobs/").status_code == 200


def test_a_task_of_the_table_leaves_its_run_and_small_ones_only_the_last(system_admin):
    for number in range(3):
        noting.begun(task_id=str(number), task=RELAY, kwargs={})
        noting.ended(task_id=str(number), state="SUCCESS", retval=4 + number)
    [run] = JobRun.objects.all()
    assert (run.name, run.state, run.done) == ("do what is due", "done", 6)
    noting.begun(task_id="x", task=RELAY, kwargs={})
    noting.ended(task_id="x", state="FAILURE", retval=ValueError("no luck"))
    [run] = JobRun.objects.all()
    assert (run.state, run.error) == ("failed", "ValueError: no luck")


def test_the_two_anchors_are_told_apart_and_a_strangers_task_leaves_nothing():
    anchor = "crm.kernel.audit.tasks.anchor_audit"
    assert noting.work_of(anchor, {}).name == "anchor the audit trail"
    assert noting.work_of(anchor, {"day_end": True}).name == "anchor the day's end"
    noting.begun(task_id="y", task=SimpleNamespace(name="somebody.else"), kwargs={})
    assert JobRun.objects.count() == 0


def test_a_daily_line_is_due_once_from_its_hour_until_the_day_ends_whenever_the_page_is_opened():
    night = next(work for work in WORK.values() if work.name == NIGHT)

    def next_at(*now, **last):
        return noting.next_run(night, [JobRun(**last)] if last else [], at(*now))

    done = {"started_at": at(2, 10), "state": "done"}
    assert next_at(1, 0) == at(2, 10)
    assert next_at(15, 0, **done) == at(2, 10) + timedelta(days=1)
    assert next_at(15, 0) == at(2, 10)
    assert next_at(15, 0, **{**done, "started_at": at(2, 10) - timedelta(days=1)}) == at(2, 10)
    assert next_at(15, 0, **done, key="2026-11-20") == at(2, 10)
    assert next_at(2, 20, started_at=at(2, 11), state="running") == at(2, 41)
    assert noting.next_run(WORK["seal the audit trail"], [JobRun(started_at=at(9, 0))], at(9, 0)) == at(
        9, 0
    ) + timedelta(seconds=5)


def test_the_days_work_is_done_the_same_day_whatever_was_lost_failed_or_killed(monkeypatch):
    nights = []

    def review(**given):
        nights.append(clock.now())
        if len(nights) == 1:
            raise OperationalError("the database was away")
        return real(**given)

    current_app.loader.import_default_modules()
    real = services.risk_review
    monkeypatch.setattr(services, "risk_review", review)
    runs_of = JobRun.objects.filter(name=NIGHT)
    poke = [entry for entry in beat_schedule().values() if entry["kwargs"].get("name") == NIGHT]
    assert [(entry["task"], entry["schedule"]) for entry in poke] == [(do_daily.name, 60.0)]
    # No poke came at 02:10; those that come later do it once, also after a run that a killed worker left behind.
    for moment in (at(1, 59), at(7, 0), at(7, 1)):
        with clock.at(moment):
            do_daily(NIGHT)
    assert (nights, runs_of.count()) == ([at(7, 0), at(7, 1)], 1)
    runs_of.update(state="running", finished_at=None)
    for moment in (at(7, 2), at(7, 32), at(7, 33), at(23, 59)):
        with clock.at(moment):
            do_daily(NIGHT)
    assert nights[2:] == [at(7, 32)]
    assert sorted(runs_of.values_list("state", flat=True)) == ["done", "running"]


def test_a_night_that_is_refused_is_noted_and_not_tried_every_minute():
    current_app.loader.import_default_modules()
    NightRun.objects.create(as_of=clock.today() + timedelta(days=1), state="done", finished_at=clock.now())
    for minute in (0, 1, 2):
        with clock.at(at(7, minute)):
            do_daily(NIGHT)
    run = JobRun.objects.get(name=NIGHT)
    assert run.state == "failed" and "RuleRefused" in run.error


@pytest.mark.parametrize(
    "work", [work for work in WORK.values() if isinstance(work.when, time)], ids=lambda work: work.name
)
def test_every_daily_line_notes_its_run_and_is_done_once_a_day(work, settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path
    current_app.loader.import_default_modules()
    with clock.at(at(23, 56)):
        assert [do_daily(work.name), do_daily(work.name)] == [True, False]
    assert JobRun.objects.get().state == "done"
    with clock.at(at(23, 57) + timedelta(days=1)):
        assert do_daily(work.name)


def test_several_figures_are_a_jobs_count_and_it_shows_how_long_it_took(system_admin):
    with clock.at(at(4, 20)):
        noting.begun(task_id="k", task=SimpleNamespace(name="staff.kpi.tasks.tend_quarters"), kwargs={})
    with clock.at(at(4, 20) + timedelta(seconds=7)):
        noting.ended(task_id="k", state="SUCCESS", retval={"open": 1, "written": 12})
        page = browser_for(system_admin).get("/jobs/").content.decode()
    assert "未关账季度 1 · 结果写入 12" in page and ">7.0<" in page


def test_a_dead_letter_is_seen_and_delivered_again_on_its_page(system_admin, auditor, owner):
    with transaction.atomic():
        schedule(kind="test.nobody", subject=owner, due_at=clock.now(), data={"secret": "秘密"})
    item = DueItem.objects.get()
    DueItem.objects.update(state="dead", last_error="LookupError: nothing handles test.nobody")
    address = reverse("admin:kernel_dueitem_change", args=[item.pk])
    again = reverse("admin:kernel_dueitem_redeliver", args=[item.pk])
    seen = {person: browser_for(person).get(address).content.decode() for person in (system_admin, auditor)}
    assert all("nothing handles" in page and "秘密" not in page for page in seen.values())
    assert again in seen[system_admin]
    assert again not in seen[auditor]
    assert browser_for(auditor).post(again).status_code == 403
    assert browser_for(owner).post(again).status_code == 404
    assert browser_for(system_admin).post(again).status_code == 302
    assert DueItem.objects.get().state == "pending"
