"""The pages that everybody uses, at the widths of telephones, halves of a screen and a wall; and for who sees little.

The short form of `python -m tools.shots check`, which looks at every pictured page of the demo.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_escalate, todo_open
from crm.tests.stories.conftest import actor
from crm.tests.stories.walk import desk
from crm.tests.support.people import cast_member
from risk.reviews.tests import factories
from tools.shots.check import axe_problems, layout_problems, open_settled

pytestmark = pytest.mark.django_db(transaction=True)
Opener = Callable[..., Page]


@pytest.fixture
def places(actors: dict[str, Any]) -> list[tuple[Any, list[str]]]:
    """Addresses by whose they are; the head has an escalation that nobody has read."""
    owner, head = cast_member("owner"), actor("head")
    client = factories.make_client(owner, name="内蒙古蒙原风力发电与储能装备集团股份有限公司")
    project = factories.make_project(client, name="乌兰察布风电二期与储能示范项目（含送出线路）")
    case = factories.submit(project, by=owner)
    late = clock.today() - timedelta(days=3)
    todo = todo_open(kind="test.layout", subject=client, owner=owner, due_on=late, url="/", by=SYSTEM)
    todo_escalate(todo=todo, by=SYSTEM)
    return [
        (actors["owner"], ["/", client.get_absolute_url(), "/projects/new/", case.get_absolute_url()]),
        (head, ["/", "/todos/mine/", todo.nudge_url, "/complaints/new/"]),
    ]


def test_nothing_is_too_wide_broken_or_cut_and_axe_finds_nothing_serious(
    open_page: Opener, places: list[tuple[Any, list[str]]]
) -> None:
    found = []
    for who, addresses in places:
        page = desk(open_page, who).page
        for address in addresses:
            open_settled(page, address)
            found += [f"{address}: {problem}" for problem in (*layout_problems(page), *axe_problems(page))]
    page = open_page()
    open_settled(page, "/public/complaints/")
    found += [f"public complaint: {problem}" for problem in (*layout_problems(page), *axe_problems(page))]
    assert not found, "\n".join(found)


def test_the_check_sees_what_it_looks_for(open_page: Opener) -> None:
    page = open_page()
    page.set_content(
        """<html lang="zh"><title>x</title><main><div style="width:2000px">broad</div>
        <p style="width:40px;overflow-wrap:anywhere">1,234,567.89</p>
        <div style="width:50px;overflow:hidden;white-space:nowrap">cut at the edge of its box</div>
        <textarea name="facts" rows="4" style="height:20px;line-height:20px;padding:0"></textarea></main></html>"""
    )
    said = "\n".join(layout_problems(page, [390]))
    for word in ("too wide", "figure broken: 1,234,567.89", "cut by", "one line high"):
        assert word in said, word
