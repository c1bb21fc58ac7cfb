"""A picker chooses only what the person saw, in a real Chromium with answers that come late and out of order."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm.tests.stories.walk import desk
from crm.tests.support.people import cast_member
from crm.tests.support.samples import is_whole
from risk.reviews.tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
Opener = Callable[..., Page]
# The full two hundred in `make assure`.
RUNS = 200 if is_whole() else 60
NAMES = ("福建钧茂机械有限公司", "福建闽江水务有限公司", "厦门海沧港务有限公司", "泉州晋江纺织有限公司")
TYPED = ("钧", "钧茂", "闽", "闽江", "海沧", "港务", "晋江", "纺织", "无此客户")
# Every answer of the server is kept, and given after the delay that the run asks for.
DELAYED = """() => {
  const real = window.fetch, kept = new Map();
  window.delays = [];
  window.fetch = async (address) => {
    const key = String(address);
    if (!kept.has(key)) kept.set(key, await (await real(key)).text());
    await new Promise((go) => setTimeout(go, window.delays.shift() || 0));
    return new Response(kept.get(key), { headers: { "Content-Type": "application/json" } });
  };
}"""
CHOSEN = """() => {
  const tom = document.querySelector('#id_client').tomselect, item = tom.control.querySelector('.item');
  return item ? item.textContent : '';
}"""
OFFERED = """() => [...document.querySelectorAll('#id_client-ts-dropdown .option')]
  .filter((option) => option.offsetParent)
  .map((option) => [...option.childNodes].filter((part) => part.className !== 'hint').map((part) => part.textContent))
  .map((parts) => parts.join(''))"""


def open_form(open_page: Opener, actors: dict[str, Any]) -> Page:
    """The form of a new project, its manager's clients filed, answers delayed and time in the test's hands."""
    for name in NAMES:
        factories.make_client(cast_member("owner"), name=name)
    page = desk(open_page, actors["owner"]).page
    page.clock.install()
    page.goto("/projects/new/")
    page.evaluate(DELAYED)
    box = page.locator("#id_client-ts-control")
    for text in ("", *TYPED):
        # The first time a text is searched its answer takes what the server needs.
        box.click()
        page.keyboard.insert_text(text)
        with page.expect_response("**/clients/**") if text else page.expect_response("**q=*"):
            page.clock.run_for(300)
        box.evaluate("box => box.blur()")
    return page


def test_hasty_choices_never_take_what_was_not_on_the_screen(open_page: Opener, actors: Any) -> None:
    page = open_form(open_page, actors)
    box = page.locator("#id_client-ts-control")
    dice = random.Random(20261201)
    chosen = 0
    for run in range(RUNS):
        delays = [dice.randint(0, 2000) for _request in range(4)]
        page.evaluate("delays => { window.delays = delays }", delays)
        box.focus()
        page.clock.run_for(dice.choice((0, 50, 400, 2100)))
        texts = [dice.choice(TYPED) for _text in range(dice.randint(1, 2))]
        for text in texts:
            box.evaluate("box => box.select()")
            page.keyboard.insert_text(text)
            page.clock.run_for(dice.choice((0, 150, 600, 2500, 2500)))
        offered = page.evaluate(OFFERED)
        page.keyboard.press(dice.choice(("Enter", "Enter", "Tab")))
        page.clock.run_for(3000)
        name = page.evaluate(CHOSEN)
        assert page.url.endswith("/projects/new/"), f"run {run}: the form was sent"
        assert not name or (name in offered and texts[-1] in name), f"run {run}: {texts} {delays} chose {name}"
        chosen += bool(name)
        page.evaluate("() => { const t = document.querySelector('#id_client').tomselect; t.clear(); t.blur() }")
    # A patient person does choose: the test is not passed by a picker that never chooses.
    assert chosen > RUNS / 20


def test_enter_right_after_typing_neither_chooses_nor_sends(open_page: Opener, actors: Any) -> None:
    page = open_form(open_page, actors)
    box = page.locator("#id_client-ts-control")
    box.click()
    page.clock.run_for(1000)
    page.keyboard.insert_text("钧茂")
    page.clock.run_for(150)
    page.keyboard.press("Enter")
    assert page.evaluate(CHOSEN) == ""
    expect(page.locator("#id_client-ts-dropdown")).to_contain_text("正在查找")
    page.clock.run_for(1000)
    page.keyboard.press("Enter")
    assert page.evaluate(CHOSEN) == NAMES[0]
