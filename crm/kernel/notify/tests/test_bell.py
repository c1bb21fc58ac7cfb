"""The bell: a figure after the page, a list when it is opened, one click to the thing, read afterwards."""

import itertools
import re
from datetime import timedelta

import pytest

from crm.kernel.audit.context import SYSTEM
from crm.kernel.notify.models import Notice, NoticePreference
from crm.kernel.notify.notices import RIGHTS
from crm.kernel.notify.selectors import bell, notice_list
from crm.kernel.notify.services import notice_read, notify
from crm.kernel.web.testing import assert_budget
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_close, todo_escalate, todo_open
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db


_things = itertools.count(1)


def tell(person, count=1, thing=None, kind="todo.escalated", **more):
    """Tell of so many things, or of one `thing` again."""
    for _ in range(count):
        notify(
            recipient=person,
            kind=kind,
            subject=thing or ("test.thing", next(_things)),
            url="/clients/",
            data={"owner": "高翔宇", "due_on": "2026-11-27"},
            due_at=clock.now(),
            by=SYSTEM,
            **more,
        )


def test_the_figure_comes_with_the_fragment_and_not_with_the_page(owner, django_assert_num_queries):
    tell(owner, 3)
    browser = browser_for(owner)
    assert 'id="count-bell"></span>' in browser.get("/clients/").content.decode()
    assert re.search(r'id="count-bell"\s+hx-swap-oob="true"\s*>3<', browser.get("/web/menu/counts/").content.decode())


def test_an_escalation_makes_the_figure_red(owner):
    tell(owner, is_escalation=True)
    assert re.search(
        r'class="count bad"\s+id="count-bell"', browser_for(owner).get("/web/menu/counts/").content.decode()
    )


def test_one_click_leads_to_the_thing_and_the_notice_is_read(owner, colleague):
    tell(owner)
    notice = Notice.objects.get()
    browser = browser_for(owner)
    assert f'href="/notices/{notice.pk}/"' in browser.get("/notices/bell/").content.decode()
    answer = browser.get(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/clients/")
    assert f'href="/notices/{notice.pk}/"' not in browser.get("/notices/bell/").content.decode()
    assert "高翔宇" in browser.get("/notices/").content.decode()
    assert browser_for(colleague).get(f"/notices/{notice.pk}/").status_code == 404


def test_all_are_read_at_once_and_nobody_elses(owner, colleague):
    tell(owner, 2)
    tell(colleague)
    assert browser_for(owner).post("/notices/read/").status_code == 302
    assert list(Notice.objects.filter(read_at__isnull=True).values_list("recipient", flat=True)) == [colleague.pk]


def test_the_list_keeps_its_budget(owner):
    assert_budget(browser_for(owner), "/notices/", 8, make_rows=lambda count: tell(owner, count))


def test_preferences_are_a_choice_for_each_family(owner):
    browser = browser_for(owner)
    assert 'name="todos"' in browser.get("/notices/preferences/").content.decode()
    assert browser.post("/notices/preferences/", {"todos": "pigeon"}).status_code == 422
    given = dict.fromkeys(browser.get("/notices/preferences/").context["form"].fields, "digest")
    assert browser.post("/notices/preferences/", given).status_code == 302
    assert set(NoticePreference.objects.values_list("person", "mail")) == {(owner.pk, "digest")}


def shown(person):
    """The notices of the bell, and its figure."""
    page = browser_for(person).get("/web/menu/counts/").content.decode()
    figure = re.search(r'id="count-bell"\s+hx-swap-oob="true"\s*>(\d+)<', page)
    return [notice.kind for notice in bell(viewer=person)], int(figure[1]) if figure else 0


def test_of_one_thing_the_latest_notice_is_shown_and_read_with_those_before_it(owner):
    for kind in ("todo.assigned", "todo.reminder", "todo.escalated"):
        tell(owner, thing=("test.thing", 0), kind=kind)
    assert shown(owner) == (["todo.escalated"], 1)
    assert list(notice_list(viewer=owner).values_list("kind", flat=True)) == ["todo.escalated"]
    notice_read(notice=bell(viewer=owner)[0], by=owner)
    assert shown(owner) == ([], 0)
    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_what_was_done_to_ones_account_is_told_line_by_line(owner):
    tell(owner, 2, thing=owner, kind=RIGHTS)
    assert shown(owner) == ([RIGHTS, RIGHTS], 2)
    notice_read(notice=bell(viewer=owner)[0], by=owner)
    assert shown(owner) == ([RIGHTS], 1)


def test_a_todo_that_is_done_leaves_nothing_to_read(owner, head):
    given = {"kind": "test.bell", "subject": owner, "by": SYSTEM}
    late = clock.today() - timedelta(days=1)
    todo = todo_open(**given, owner=owner, due_on=late, url="/")
    todo_escalate(todo=todo, by=SYSTEM)
    assert (shown(owner)[1], shown(head)[1]) == (1, 1)
    todo_close(**given, outcome="done")
    assert (shown(owner)[1], shown(head)[1]) == (0, 0)


def test_the_bell_is_called_by_what_it_shows(owner):
    page = browser_for(owner).get("/clients/").content.decode()
    summary = re.search(r'<summary class="top-icon bell"([^>]*)>(.*?)</summary>', page, re.S)
    assert "aria-label" not in summary[1]
    assert "通知" in summary[2] and 'id="count-bell"' in summary[2]
