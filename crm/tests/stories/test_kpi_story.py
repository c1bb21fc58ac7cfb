"""A quarter in a real Chromium: from the preview over the records behind a figure to the closing, and what is found
to have been otherwise afterwards.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from crm.tests.stories.walk import Desk, desk
from crm.tests.support.people import cast_member
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import approve_all, decide, make_project, submit
from staff.kpi.models import KpiPeriod
from staff.kpi.rules.periods import quarter_of
from staff.kpi.services import periods_tend
from staff.kpi.tests.factories import in_post, previewed, result_of, scheme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
PARTS = ("owner", "assistant", "finance", "initial_reviewer", "recheck_reviewer", "final_approver")


@pytest.fixture
def quarter(transactional_db: None) -> KpiPeriod:
    """A quarter that is over and can be closed: one deal approved, one returned."""
    chosen = quarter_of(clock.today()).previous.previous
    with clock.at(chosen.starts_on):
        for part in PARTS:
            cast_member(part)
        in_post(cast_member("owner"))
        scheme(quarter=chosen)
        approve_all(submit(make_project()))
        decide(submit(make_project()), cast_member("initial_reviewer"), "return")
    return previewed(chosen)


def behind(one: Desk, measure: str) -> Desk:
    """Open the records behind a measure of the sheet."""
    one.main.get_by_role("link", name=measure).last.click()
    return one


def test_a_quarter_goes_from_its_preview_to_its_closing(
    open_page: Callable[..., Page], quarter: KpiPeriod, actors: dict[str, Any]
) -> None:
    sheet = result_of(quarter, cast_member("owner")).get_absolute_url()
    table, case = f"/kpi/?period={quarter.code}", ReviewCase.objects.get(status="approved")

    owner = desk(open_page, actors["owner"])
    owner.click("/kpi/mine/", within=".side-nav").at(sheet)
    owner.sees("预览", "47.00", "获批融资", "申诉截至")
    behind(owner, "获批融资").sees(
        "8,000.00 万元，得 32.00 分，满分 40 分", "× 40 = 32.00", "第 1 版", within="#behind"
    )
    owner.sees(case.project.name, within="#behind")
    owner.click(case.get_absolute_url(), within="#behind").at(case.get_absolute_url())
    # Who is measured reads the quarter and finds no way to close it.
    owner.page.goto(table)
    owner.sees(actors["owner"].name, "预览")
    assert owner.main.locator('a[href$="/close/"]').count() == 0

    finance = desk(open_page, actors["finance"], table)
    finance.sees(actors["owner"].name, "预览").click("/close/")
    finance.sees(quarter.code, "此操作不可撤销")
    finance.press("关账").sees("关账内容")
    finance.main.locator('[name="seen"]').check()
    finance.press("关账").told("该季度已关账").sees("已锁定", actors["finance"].name)
    quarter.refresh_from_db()
    assert finance.main.locator(".page-sub .hash").get_attribute("title") == quarter.results_sha256
    finance.click(sheet).at(sheet)
    behind(finance, "获批融资").sees("另有 1 条计入，您无权查看", within="#behind")
    assert case.number not in finance.main.inner_text()

    # A return is entered late, with a day of the closed quarter; the night compares.
    with clock.at(quarter.ends_on):
        decide(submit(make_project()), cast_member("initial_reviewer"), "return")
    periods_tend(by=SYSTEM)
    finance.click("/correct/").press("登记更正").sees("更正")
    finance.main.locator('[name="measure"]').select_option("financings_approved")
    finance.fill(points="1.50", reason="申诉成立，银团份额漏计").press("登记更正").told("更正已登记")

    owner.page.goto(sheet)
    owner.sees("已锁定", "47.00", "夜间核对发现", "−5.00", "申诉成立，银团份额漏计", actors["finance"].name, "1.50")
    behind(owner, "审查退回").sees("1 / 2 · 每十笔 5 笔，得 15.00 分，满分 20 分", within="#behind")
    kept = result_of(quarter, cast_member("owner"))
    assert owner.main.locator(".page-sub .hash").get_attribute("title") == kept.document_sha256
