"""The main story in a real Chromium, from the client's file to the third person's decision, and the short stories."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm.tests.stories.walk import (
    CLIENT,
    CODE,
    CORRECTED,
    OPINION,
    PROJECT,
    Desk,
    attach,
    chinese_in,
    desk,
    file_client,
    file_project,
    path_of,
    pdf_text,
    sign_report,
    submit,
)
from crm.tests.support.people import cast_member
from risk.reviews.tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
Opener = Callable[..., Page]
Actors = dict[str, Any]
LATE = "我也同意，但慢了一步。"


# -- the main story --------------------------------------------------------------------------------------------------


def grade(first: Desk, second: Desk) -> None:
    """One assessor finds the client by its code and enters AA; the second confirms what waits on their day."""
    first.page.keyboard.press("/")
    first.page.keyboard.type(CODE)
    first.page.keyboard.press("Enter")
    first.main.get_by_role("link", name=CLIENT).first.click()
    first.click("/ratings/new/").choose("grade", "AA")
    first.fill(source="2025 年审计报告", reason="偿债指标满分，经营现金流为正")
    first.press("录入评级").at("/clients/<id>/").told("须由另一名风险评估师确认")
    second.take(CLIENT).sees("AA", "2025 年审计报告", first.actor.name)
    second.choose("verdict", "confirm").press("提交我的意见").told("评级已生效").sees("已确认", second.actor.name)


def bring_back(reviewer: Desk, case: str) -> None:
    """The first reviewer finds the case on the day's list and returns it with two items."""
    reviewer.take(PROJECT).at(case).sees("轮到您").declare()
    reviewer.decide("return", "设备清单与购销合同缺失，请补齐后再报。")
    reviewer.main.locator("[name=return_reason]").select_option("documents_missing")
    reviewer.main.locator("[name=target_stage]").select_option("initial")
    reviewer.fill(**{"items-0-text": "设备清单"})
    reviewer.press("加一项").fill(**{"items-1-text": "购销合同"}).press("提交初审：退回")
    reviewer.sees("退回", "设备清单", "购销合同", within="#opinions")


def resubmit(owner: Desk, case: str) -> None:
    """The manager reads on the day's list what came back, corrects the project and submits again."""
    owner.take(PROJECT).click("/edit/").fill(purpose=CORRECTED).press("保存项目")
    assert submit(owner.at("/projects/<id>/").told("项目已保存"), "重新提交审查") == case


def decide_in_admin(third: Desk, case: str) -> None:
    """The last of three, from the admin's inbox: sees what changed and what the others said, then decides."""
    third.click("/risk/reviewcase/", within="#nav-sidebar")
    third.main.get_by_role("link", name=PROJECT).first.click()
    third.sees(CORRECTED, within=".case-changes")
    third.click("?tab=opinions").sees(OPINION).page.go_back()
    third.declare().decide("approve").press("提交终审：同意")
    third.sees("已批准", third.actor.name, within=".wait-line")
    assert path_of(third).startswith("/admin/")


def test_one_financing_passes_three_people_in_the_browser(open_page: Opener, actors: Actors, tmp_path: Path) -> None:
    owner = Desk(open_page(), actors["owner"]).sign_in()
    client = file_client(owner)
    grade(desk(open_page, actors["risk_assessor"]), desk(open_page, actors["second_assessor"]))
    owner.page.goto(client)
    owner.sees("AA", "有效至")
    project = file_project(owner, actors["assistant"])
    attach(owner, tmp_path, "可行性研究报告")
    attach(owner, tmp_path, "双人尽职调查报告", "investigation")
    sign_report(owner)
    sign_report(desk(open_page, actors["assistant"], project))
    owner.page.reload()
    case = submit(owner)
    owner.sees(PROJECT, CLIENT, "等 周启明", "剩 3 个工作日")

    first = desk(open_page, actors["initial_reviewer"])
    bring_back(first, case)
    resubmit(owner, case)
    first.page.goto(case)
    first.sees("您签署后改了 1 处", CORRECTED, within="#changes")
    first.decide("approve").press("提交初审：同意").sees(actors["recheck_reviewer"].name, within="#decide")
    second = desk(open_page, actors["recheck_reviewer"], case)
    second.declare().decide("approve_with_conditions")
    second.fill(**{"conditions-0-text": "首次放款前取得接入批复"}).press("提交复核：有条件同意")
    second.sees("未满足", "首次放款前取得接入批复", within="#conditions")

    fourth = desk(open_page, actors["second_final_approver"], case)
    fourth.declare().decide("approve", LATE)
    decide_in_admin(desk(open_page, actors["final_approver"], "/admin/"), case)
    # The fourth is told why, and what was typed is not lost.
    fourth.press("提交终审：同意").sees("本案已不能再作决定", actors["final_approver"].name, LATE, within="#decide")
    fourth.sees("已批准", within=".page-head").sees(actors["final_approver"].name, within="#opinions")

    owner.page.goto(case)
    fingerprint = owner.shows("#dossier .hash").get_attribute("title") or "none"
    expect(owner.main.locator("#opinions .say")).to_have_count(4)
    sheet = pdf_text(owner, owner.shows('a[href$="/sheet/"]').get_attribute("href"))
    for text in (fingerprint, CLIENT, CODE, PROJECT, *(actors[part].name for part in DECIDERS)):
        assert text in sheet
    assert actors["second_final_approver"].name not in sheet.split("SHA-256")[0]


DECIDERS = ("initial_reviewer", "recheck_reviewer", "final_approver")


# -- short stories ---------------------------------------------------------------------------------------------------


def test_the_keyboard_leads_to_search_and_lists(open_page: Opener, actors: Actors) -> None:
    page = desk(open_page, actors["owner"]).page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Escape")
    for key, address in (("p", "**/projects/board/"), ("r", "**/reviews/"), ("c", "**/clients/")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(address)
    page.keyboard.press("/")
    expect(page.locator("#list-search")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_a_reviewer_decides_on_a_phone(open_page: Opener, actors: Actors) -> None:
    case = factories.submit(factories.make_project())
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    reviewer = desk(open_page, actors["initial_reviewer"], case.get_absolute_url(), **phone)
    assert reviewer.width() <= 390
    reviewer.declare().decide("approve")
    button = reviewer.shows("#decide .act-fill").bounding_box()
    bar = reviewer.shows("nav.bottom").bounding_box()
    assert button and bar and button["height"] >= 44
    assert button["y"] + button["height"] <= bar["y"], "the act hides behind the bar at the bottom"
    assert reviewer.width() <= 390
    reviewer.press("提交初审：同意").sees(actors["recheck_reviewer"].name, within="#decide")


def test_theme_and_language_follow_the_person(open_page: Opener, actors: Actors) -> None:
    case = factories.submit(factories.make_project())
    factories.decide(case, cast_member("initial_reviewer"), "approve_with_conditions")
    reader = desk(open_page, actors["recheck_reviewer"], case.get_absolute_url())
    assert reader.page.locator("html").get_attribute("lang") == "zh-hans"
    reader.prefer("theme", "dark")
    expect(reader.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    reader.prefer("language", "en")
    expect(reader.page.locator("html")).to_have_attribute("lang", "en")
    reader.sees("Conflict of interest", "Opinions", "Dossier")
    assert chinese_in(reader, known(case)) == []
    reader.declare("Declare and show the decision")
    assert chinese_in(reader, known(case)) == []


def known(case: Any) -> list[str]:
    """The Chinese that is data: names, what people typed, the words of parameters."""
    project = case.project
    typed = [project.name, project.client.name, project.purpose, factories.OPINION, "接入系统批复原件"]
    typed += [project.approval_no, *project.documents.values_list("title", flat=True)]
    return [*typed, "项目融资贷款", "中文", "简体中文", "客户一部", "客户二部", "风险管理部", "总部"]


def test_a_stale_edit_shows_both_values_and_loses_nothing(open_page: Opener, actors: Actors) -> None:
    client = factories.make_client(cast_member("owner"))
    address = f"{client.get_absolute_url()}edit/"
    mine = desk(open_page, actors["owner"], address)
    other = Desk(mine.page.context.new_page(), actors["owner"])
    other.page.goto(address)
    other.fill(address="福州市鼓楼区").press("保存").at(client.get_absolute_url())
    mine.fill(address="福州市台江区", legal_representative="陈明").press("保存")
    mine.sees("您填写期间，有人改了这条数据", "福州市鼓楼区", "福州市台江区", within=".form-stale")
    expect(mine.main.locator("[name=address]")).to_have_value("福州市台江区")
    expect(mine.main.locator("[name=legal_representative]")).to_have_value("陈明")
    mine.press("保存").at(client.get_absolute_url()).sees("福州市台江区", "陈明")


def test_a_foreign_client_and_no_client_look_the_same(open_page: Opener, actors: Actors) -> None:
    client = factories.make_client(cast_member("owner"))
    stranger = desk(open_page, actors["stranger"])
    seen = []
    for number in (client.pk, client.pk + 1_000_000):
        answer = stranger.page.goto(f"/clients/{number}/")
        assert answer and answer.status == 404
        stranger.sees("404", "它不存在，或者不在您的查看范围内")
        seen.append(stranger.main.inner_text().replace(stranger.page.locator("main .mono").inner_text(), ""))
    assert seen[0] == seen[1]
    assert client.name not in seen[0]
