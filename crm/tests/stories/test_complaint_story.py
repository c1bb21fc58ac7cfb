"""Complaints in a real Chromium: a limit that passes, a visitor who asks what became of it, and the way round a head.

The pages run by the machine's clock; what is due by then is done by the relay at its own moments (the time machine).
"""

import email
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from clients.file.tests.factories import ClientFactory
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.services import person_update
from crm.kernel.workdays import clock
from crm.tests.stories.conftest import actor
from crm.tests.stories.walk import Desk, desk, path_of
from crm.tests.support.people import cast_member
from crm.tests.support.timemachine import let_pass
from staff.complaints.tests.factories import DRAFT, FACTS, REPLY, assigned

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
Opener = Callable[..., Page]
Actors = dict[str, Any]
PARTS = ("complaints_officer", "colleague", "head", "final_approver", "owner")
PUBLIC, STATUS = "/public/complaints/", "/public/complaints/status/"
REPLY_PARTS = {name: str(DRAFT[name]) for name in ("draft", "reasons", "measures", "measures_on")}


@pytest.fixture
def people(transactional_db: None) -> Actors:
    """Who has a part in these stories: here since 2020, each with an address for mail."""
    with clock.at(date(2020, 6, 1)):
        found = {part: actor(part) for part in PARTS}
        for part in PARTS:
            person = cast_member(part)
            person_update(
                person=person,
                name=person.name,
                department=person.department,
                post=person.post,
                email=address(part),
                expected_version=person.version,
                by=SYSTEM,
            )
    return found


@pytest.fixture
def mail(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The folder that mail goes to where no relay is named, as a site starts out."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    yield tmp_path / "mail"


def address(part: str) -> str:
    return f"{part}@sanshen.example"


def mails_to(folder: Path, part: str) -> list[EmailMessage]:
    """The mails in the folder to this person."""
    texts = [text for file in sorted(folder.glob("*")) for text in file.read_text("utf-8").split("-" * 79)]
    found: list[Any] = [email.message_from_string(text.strip(), policy=default) for text in texts if text.strip()]
    return [message for message in found if message["To"] == address(part)]


def bell(one: Desk) -> Locator:
    """Open the bell; what it lists."""
    one.page.goto("/")
    one.page.locator("#bell summary").click()
    listed = one.page.locator("#bell .drop")
    expect(listed).to_contain_text("全部通知")
    return listed


def count(one: Desk) -> Locator:
    """The figure on the bell."""
    return one.page.locator("#count-bell")


def offers(one: Desk, name: str) -> Locator:
    """What a searching picker offers before anything is typed."""
    with one.page.expect_response(lambda answer: answer.url.endswith("q=")):
        one.main.locator(f"#id_{name}-ts-control").click()
    listed = one.main.locator(f"#id_{name}-ts-dropdown")
    expect(listed.locator(".option").first).to_be_visible()
    return listed


# -- a limit passes ----------------------------------------------------------------------------------------------------


def test_a_limit_that_passes_is_in_the_bell_in_the_mail_and_with_the_head(
    open_page: Opener, people: Actors, mail: Path
) -> None:
    received = datetime.combine(clock.today() - timedelta(days=17), time(10), clock.SHANGHAI)
    with clock.at(received):
        complaint = assigned(cast_member("colleague"))
    due = complaint.due_on.isoformat()
    let_pass(received, clock.now())

    answer = f"处理投诉 {complaint.number}"
    handler = desk(open_page, people["colleague"])
    # Three notices of one complaint are one line, the newest; by mail each came at its time.
    expect(count(handler)).to_have_text("1")
    expect(bell(handler)).to_contain_text(f"{complaint.internal_due.isoformat()} 到期：{answer}")
    mails = [str(message["Subject"]) for message in mails_to(mail, "colleague")]
    assert len(mails) == 3
    assert all(answer in subject for subject in mails)

    head = desk(open_page, people["head"])
    late = f"投诉 {complaint.number} 法定期限已过（{due}）"
    expect(count(head)).to_have_class("count bad")
    told = bell(head).locator(".drop-item.bad", has_text=complaint.number)
    expect(told.first).to_be_visible()
    told.first.click()
    head.at(complaint.get_absolute_url()).sees("已过而未答复", people["colleague"].name)
    head.page.goto("/notices/")
    head.sees(f"投诉 {complaint.number} 尚未答复")
    assert any(complaint.number in message["Subject"] for message in mails_to(mail, "head"))

    officer = desk(open_page, people["complaints_officer"])
    expect(bell(officer)).to_contain_text(f"投诉 {complaint.number}")
    chief = desk(open_page, people["final_approver"])
    expect(bell(chief).locator(".drop-item.bad").filter(has_text=late)).to_be_visible()
    body = mails_to(mail, "final_approver")[-1].get_content()
    assert complaint.get_absolute_url() in body


# -- a visitor ---------------------------------------------------------------------------------------------------------


def look_up(page: Page, number: str, code: str) -> Locator:
    """What the public page tells for number and code."""
    page.goto(STATUS)
    page.locator("[name=number]").fill(number)
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".gate-wide")).to_contain_text(number)
    return page.locator(".gate-wide")


def test_a_visitor_files_a_complaint_and_follows_it_to_the_written_reply(open_page: Opener, people: Actors) -> None:
    visitor = open_page()
    visitor.goto(PUBLIC)
    for name in ("title", "facts", "complainant_name", "complainant_phone"):
        visitor.locator(f"[name={name}]").fill(FACTS[name])
    visitor.locator("[name=demand]").fill("退还多收的评估费")
    visitor.locator("[name=has_read]").check()
    visitor.get_by_role("button", name="提交投诉").click()
    number, code = (visitor.locator(f"#receipt-{part}").inner_text() for part in ("number", "code"))
    expect(look_up(visitor, number, code)).to_contain_text("已收到，受理中")

    officer = desk(open_page, people["complaints_officer"]).take(f"为投诉 {number} 指定处理人")
    officer.at("/complaints/<id>/").sees(FACTS["title"], FACTS["facts"])
    officer.click("/assign/").pick("person", people["colleague"].name).press("指定处理人")
    officer.told("已指定处理人").sees(people["colleague"].name)
    expect(look_up(visitor, number, code)).to_contain_text("处理中")

    handler = desk(open_page, people["colleague"]).take(f"处理投诉 {number}")
    case = path_of(handler)
    handler.click("/acknowledge/").fill(how="电话告知已受理，并说明答复期限").press("告知已受理").told("已记录告知受理")
    handler.at(case).click("/draft/").choose("outcome", "upheld").fill(**REPLY_PARTS).press("保存答复")
    handler.told("答复已保存").at(case).sees(REPLY, "属实")
    told = look_up(visitor, number, code)
    expect(told).not_to_contain_text(REPLY)
    handler.click("/reply/").fill(how="寄出书面答复").press("记录答复").told("答复已记录")

    told = look_up(visitor, number, code)
    expect(told.locator("#reply")).to_contain_text(REPLY)
    expect(told).to_contain_text("属实")
    for name in (people["colleague"].name, people["complaints_officer"].name, FACTS["complainant_name"]):
        expect(told).not_to_contain_text(name)


# -- round the head ----------------------------------------------------------------------------------------------------


def test_a_complaint_about_the_head_goes_round_him_to_the_one_above(
    open_page: Opener, people: Actors, mail: Path
) -> None:
    client = ClientFactory(by=cast_member("owner"))
    officer = desk(open_page, people["complaints_officer"], "/complaints/new/")
    officer.fill(
        complainant_name=FACTS["complainant_name"],
        complainant_phone=FACTS["complainant_phone"],
        client_code=client.credit_code,
        title="部门负责人态度生硬",
        facts="洽谈展期时部门负责人拒绝说明理由，要求更换对接人。",
    )
    officer.pick("subject", people["head"].name).press("登记投诉").at("/complaints/<id>/")
    case = path_of(officer)
    number = officer.page.locator("text=/TS-\\d{4}-\\d{4}/").first.inner_text().split("·")[0].strip()
    officer.sees("该人员是被投诉人", "该人员是被投诉人的下属")
    offered = offers(officer.click("/assign/"), "person")
    expect(offered).to_contain_text(people["complaints_officer"].name)
    for part in ("head", "owner", "colleague"):
        expect(offered).not_to_contain_text(people[part].name)
    # Afresh: another click on the open list would close it.
    officer.page.reload()
    officer.pick("person", people["complaints_officer"].name).press("指定处理人").at(case)

    head = desk(open_page, people["head"])
    # Named by one person: that it exists he knows, and nothing of its content. Confirmed by a second: not even that.
    for is_confirmed in (False, True):
        if is_confirmed:
            above = desk(open_page, people["final_approver"]).take(f"认定投诉 {number} 的被投诉人")
            above.at(case).click("/decide-claim/")
            above.choose("verdict", "yes").fill(opinion="来函明确指向该人员").press("提交我的意见").at(case)
        answer = head.page.goto(case)
        assert answer and answer.status == 404
        head.page.goto("/complaints/")
        listed = head.main.inner_text()
        assert (number in listed) is not is_confirmed
        assert "部门负责人态度生硬" not in listed

    let_pass(clock.now(), clock.now() + timedelta(days=20))
    expect(bell(head)).to_contain_text("没有新通知")
    expect(count(head)).to_be_empty()
    assert mails_to(mail, "head") == []
    expect(bell(officer)).to_contain_text(f"处理投诉 {number}")
    above = desk(open_page, people["final_approver"])
    expect(count(above)).to_have_class("count bad")
    bell(above).locator(".drop-item.bad", has_text=number).first.click()
    above.at(case).sees("部门负责人态度生硬", people["colleague"].name)
    assert mails_to(mail, "final_approver")
