"""The jobs page: what ran, how it ended, how far a running one is, when it comes next."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse

from crm.home.jobs import noting
from crm.kernel.outbox import runs
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.outbox.services import schedule
from crm.kernel.workdays import clock
from crm.schedule import WORK
from crm.testing.people import browser_for

pytestmark = pytest.mark.django_db
RELAY = SimpleNamespace(name="crm.kernel.outbox.tasks.relay")


def test_the_page_is_for_those_who_keep_the_house_running(system_admin, auditor, owner, head):
    pages = [browser_for(person).get("/jobs/").status_code for person in (system_admin, auditor, owner, head)]
    assert pages == [200, 200, 404, 404]


def test_every_line_of_the_table_stands_there_and_a_running_job_shows_how_far_it_is(system_admin):
    runs.begin("risk review", key="2026-11-24").progress(30_000, 1_000_000, opened=17)
    page = browser_for(system_admin).get("/jobs/").content.decode()
    assert all(work.name.replace("'", "&#x27;") in page for work in WORK)
    assert "30000 / 1000000" in page
    assert "opened 17" in page


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


def test_the_next_run_follows_from_the_table():
    now = clock.now()
    assert all(noting.next_after(work, now) > now for work in WORK)
    assert noting.next_after(WORK[0], now) == now + timedelta(seconds=5)


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
