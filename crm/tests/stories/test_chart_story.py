"""A chart in a real Chromium: drawn under the strict policy, redrawn for the dark theme, kept as a picture."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.statements.tests.factories import confirmed, last_year
from crm.tests.stories.walk import CLIENT, desk
from crm.tests.support.people import cast_member
from risk.reviews.tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
STROKES = "plot => [...plot.querySelectorAll('path')].map((path) => path.getAttribute('stroke')).filter(Boolean)"


def test_the_trend_of_a_ratio_is_drawn_chosen_and_kept(open_page: Callable[..., Page], actors: dict[str, Any]) -> None:
    client = factories.make_client(cast_member("owner"), name=CLIENT)
    confirmed(client)
    confirmed(client, period_end=last_year().replace(year=last_year().year - 1))
    page = desk(open_page, actors["owner"], f"/clients/{client.pk}/").page
    plot = page.locator("[data-chart]")
    expect(plot.locator("svg")).to_contain_text("53.85%")
    assert plot.get_attribute("aria-label") == page.locator(".chart figcaption").inner_text()
    light = set(plot.evaluate(STROKES))
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    expect(plot.locator("svg")).to_contain_text("53.85%")
    assert light.isdisjoint(set(plot.evaluate(STROKES)) - {"transparent", "none"})

    page.locator("select[name=ratio]").select_option("R02")
    expect(page.locator(".chart figcaption")).to_contain_text("流动比率")
    expect(page.locator("[data-chart] svg")).to_be_visible()
    page.locator(".chart-table > summary").click()
    expect(page.locator(".chart-table td").first).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("button", name="保存为图片").click()
    assert kept.value.suggested_filename == "R02.png"
    picture = kept.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) > 5000
