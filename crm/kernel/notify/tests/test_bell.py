"""The bell: a figure after the page, a list when it is opened, one click to the thing, read afterwards."""

import re

import pytest

from crm.kernel.audit.context import SYSTEM
from crm.kernel.notify.models import Notice, NoticePreference
from crm.kernel.notify.services import notify
from crm.kernel.web.testing import assert_budget
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db


def tell(person, count=1, **more):
    for _ in range(count):
        notify(
            recipient=person,
            kind="todo.escalated",
            subject=person,
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
