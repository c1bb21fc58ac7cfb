"""Nothing typed is lost and nothing typed is left behind: drafts of forms in a real Chromium."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from crm.tests.stories.walk import CLIENT, CODE, Desk, desk
from crm.tests.support.people import cast_member
from risk.reviews.tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
Opener = Callable[..., Page]
FORM = "/projects/new/"
PURPOSE = "闽江北岸污水厂提标改造，购置膜组件"
NAME = "闽江北岸污水厂提标"
KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('draft:'))"
CONTENT = "() => Object.values(localStorage).join(' ')"


def write_project(open_page: Opener, actors: dict[str, Any]) -> Desk:
    """林晓雯 has typed half a project: name, purpose, client and security; the draft is kept."""
    factories.make_client(cast_member("owner"), name="福建钧茂机械有限公司")
    owner = desk(open_page, actors["owner"], FORM)
    owner.fill(name=NAME, purpose=PURPOSE, amount="80,000,000").choose("secured", "yes").pick("client", "钧茂")
    expect(owner.page.locator("[data-draft-note]")).to_contain_text("草稿已存于本设备")
    owner.page.wait_for_function(f"() => ({KEPT})().length === 1")
    return owner


def expect_filled(page: Page) -> None:
    """The half project stands in the form."""
    expect(page.locator("[name=purpose]")).to_have_value(PURPOSE)
    expect(page.locator("[name=name]")).to_have_value(NAME)
    expect(page.locator("[name=secured][value=yes]")).to_be_checked()
    expect(page.locator("#id_client + .ts-wrapper .item")).to_contain_text("钧茂")


def sign_in_again(one: Desk, actor: Any) -> None:
    """Through the login page that stands there; ends when another page has opened."""
    one.page.locator("[name=username]").fill(actor.login)
    one.page.locator("[name=password]").fill(actor.password)
    one.press("登录")
    one.page.wait_for_url(lambda address: "/login/" not in address)


def test_a_form_sent_after_the_session_ended_comes_back_filled_after_the_login(open_page: Opener, actors: Any) -> None:
    owner = write_project(open_page, actors)
    owner.fill(purpose="")
    Session.objects.all().delete()
    # Typed after the end, and sent at once.
    owner.fill(purpose=PURPOSE)
    owner.press("建立项目")
    owner.page.wait_for_url("**/login/**")
    sign_in_again(owner, actors["owner"])
    owner.page.wait_for_url(f"**{FORM}")
    expect_filled(owner.page)


def test_a_refused_form_keeps_its_draft_and_success_ends_it(open_page: Opener, actors: Any) -> None:
    owner = desk(open_page, actors["owner"], "/clients/new/")
    owner.fill(name=CLIENT).pick("industry", "水的生产").press("建立客户档案")
    expect(owner.page.locator(".f-bad").first).to_be_visible()
    owner.page.reload()
    expect(owner.page.locator("[name=name]")).to_have_value(CLIENT)
    owner.fill(credit_code=CODE).pick("region", "福州").press("建立客户档案").at("/clients/<id>/")
    assert owner.page.evaluate(KEPT) == []
    owner.page.goto("/clients/new/")
    expect(owner.page.locator("[name=name]")).to_have_value("")


def test_what_lies_on_the_device_cannot_be_read_there(open_page: Opener, actors: Any) -> None:
    owner = desk(open_page, actors["owner"], "/clients/new/")
    owner.choose("client_type", "individual").fill(name="王小明", identity_number="11010119900307109X")
    owner.page.wait_for_function(f"() => ({KEPT})().length === 1")
    on_device = owner.page.evaluate(CONTENT)
    assert "王小明" not in on_device and "11010119900307109X" not in on_device


def test_signing_out_forgets_every_draft(open_page: Opener, actors: Any) -> None:
    owner = write_project(open_page, actors)
    owner.page.locator(".side-foot summary").click()
    owner.page.locator(".side-foot").get_by_role("button", name="退出").click()
    owner.page.wait_for_url("**/login/**")
    assert owner.page.evaluate(KEPT) == []
    sign_in_again(owner, actors["owner"])
    owner.page.goto(FORM)
    expect(owner.page.locator("[name=purpose]")).to_have_value("")


def test_the_next_account_on_the_browser_is_offered_nothing(open_page: Opener, actors: Any) -> None:
    owner = write_project(open_page, actors)
    Session.objects.all().delete()
    owner.page.goto(FORM)
    sign_in_again(owner, actors["stranger"])
    owner.page.wait_for_url(f"**{FORM}")
    owner.page.wait_for_function(f"() => ({KEPT})().length === 0")
    expect(owner.page.locator("[name=purpose]")).to_have_value("")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(open_page: Opener, actors: Any) -> None:
    client = factories.make_client(cast_member("owner"), name="福建钧茂机械有限公司")
    project = factories.make_project(client)
    owner = desk(open_page, actors["owner"], f"/projects/{project.pk}/edit/")
    owner.fill(purpose=PURPOSE, name=NAME)
    owner.page.wait_for_function(f"() => ({KEPT})().length === 1")
    type(project).objects.filter(pk=project.pk).update(name="另一个名称")
    owner.page.reload()
    expect(owner.page.locator("[name=purpose]")).to_have_value(PURPOSE)
    expect(owner.page.locator("[name=name]")).to_have_value("另一个名称")
