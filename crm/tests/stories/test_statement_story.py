"""A year of statements in a real Chromium: pasted, a wrong cell named and mended, confirmed by another person."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from clients.statements.tests.factories import BALANCE, FLOWS
from crm.tests.stories.walk import CLIENT, Desk, desk
from crm.tests.support.people import cast_member
from risk.reviews.tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
Opener = Callable[..., Page]
# What Chromium does when a block is pasted into the cell that has the focus.
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste(page: Page, first: str, last: str, figures: dict[str, tuple[int, int]]) -> None:
    """Copy the two columns from line `first` to `last` as a spreadsheet does, blanks included."""
    names: list[str] = page.locator("[data-code]").evaluate_all("cells => cells.map((cell) => cell.dataset.code)")
    codes = list(dict.fromkeys(names))
    lines = [figures.get(code, ("", "")) for code in codes[codes.index(first) : codes.index(last) + 1]]
    text = "".join(f"{now}\t{before}\r\n" for now, before in lines)
    cell = page.locator(f'[data-code="{first}"]').first
    cell.focus()
    cell.evaluate(PASTE, text)


def note(page: Page, name: str) -> Locator:
    """What stands below a total."""
    return page.locator(f'td:has([name="{name}"]) output')


def enter_year(open_page: Opener, actors: dict[str, Any]) -> Desk:
    """林晓雯 opens a set of the last year of her client and pastes its figures in 万元."""
    client = factories.make_client(cast_member("owner"), name=CLIENT)
    manager = desk(open_page, actors["owner"], f"/clients/{client.pk}/statements/new/")
    manager.page.locator("[name=unit]").select_option("wan")
    manager.press("继续录入数据").at("/clients/statements/<id>/figures/")
    paste(manager.page, "A101", "T999", BALANCE)
    paste(manager.page, "P01", "P60", FLOWS)
    paste(manager.page, "C01", "C90", FLOWS)
    return manager


def test_a_year_is_pasted_a_wrong_cell_named_mended_and_confirmed(open_page: Opener, actors: dict[str, Any]) -> None:
    manager = enter_year(open_page, actors)
    page = manager.page
    expect(note(page, "A999.closing")).to_have_text("分项合计 52,550.00")
    page.locator('[name="A999.closing"]').fill("52560.00")
    expect(note(page, "A999.closing")).to_contain_text("差额 10.00")
    expect(note(page, "T999.closing")).to_contain_text("A999 52,560.00, 差额 −10.00")
    manager.press("保存数据").at("/clients/statements/<id>/").sees("100,000.00")
    set_path = page.url.partition("/clients/")[2].rstrip("/")
    manager.click("/check/").at("/check/").press("提交确认").sees("I3 资产总计", "该字段是必填项")
    page.goto(f"/clients/{set_path}/figures/")
    page.locator('[name="A999.closing"]').fill("")
    page.locator('[name="A101.opening"]').focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[name="A102.opening"]')).to_be_focused()
    expect(note(page, "T999.closing")).not_to_contain_text("差额")
    manager.press("保存数据").at("/clients/statements/<id>/").click("/check/").at("/check/")
    manager.press("提交确认").at("/clients/statements/<id>/").sees("待确认")

    assessor = desk(open_page, actors["risk_assessor"], f"/clients/{set_path}/")
    assessor.choose("verdict", "confirm").press("提交我的意见").sees("已确认")
